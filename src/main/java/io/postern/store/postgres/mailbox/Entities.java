package io.postern.store.postgres.mailbox;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.SpecialUse;
import io.postern.model.UidValidity;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The entities that Hibernate maps. None leaves this package. */
final class Entities {
  private Entities() {}

  /** A row of {@code mailbox}. */
  @Entity(name = "MailboxRow")
  @Table(name = "mailbox")
  @IdClass(MailboxRow.Key.class)
  static class MailboxRow {
    /**
     * The primary key.
     *
     * @param account the owner
     * @param id of the mailbox
     */
    record Key(long account, long id) implements Serializable {}

    @Id long account;
    @Id long id;
    String name = "";

    @Column(name = "uid_validity")
    long uidValidity;

    @Enumerated(EnumType.STRING)
    @Column(name = "special_use")
    @Nullable SpecialUse use;

    /** For Hibernate. */
    protected MailboxRow() {}

    MailboxRow(MailboxKey key, MailboxName name, long uidValidity, Optional<SpecialUse> use) {
      this.account = key.account().value();
      this.id = key.mailbox().value();
      this.name = name.value();
      this.uidValidity = uidValidity;
      this.use = use.orElse(null);
    }

    MailboxInfo info() {
      return new MailboxInfo(
          new MailboxKey(new AccountId(account), new MailboxId(id)),
          new MailboxName(name),
          new UidValidity(uidValidity),
          Optional.ofNullable(use));
    }
  }

  /** A row of {@code subscription}: a name, whether a mailbox has it or not. */
  @Entity(name = "SubscriptionRow")
  @Table(name = "subscription")
  @IdClass(SubscriptionRow.Key.class)
  static class SubscriptionRow {
    /**
     * The primary key, which is the whole row.
     *
     * @param account whose subscription
     * @param name of what
     */
    record Key(long account, String name) implements Serializable {}

    @Id long account;
    @Id String name = "";

    /** For Hibernate. */
    protected SubscriptionRow() {}

    SubscriptionRow(AccountId account, MailboxName name) {
      this.account = account.value();
      this.name = name.value();
    }
  }
}
