package io.postern.store.postgres.account;

import io.postern.model.Ids.AccountId;
import io.postern.store.account.Account;
import io.postern.store.account.AccountSettings;
import io.postern.store.account.MailboxPlan;
import io.postern.store.account.ProtocolOptions;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Optional;
import org.hibernate.annotations.SQLRestriction;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code account} that was not deleted; its last UIDVALIDITY is not mapped, only
 * incremented in SQL.
 */
@Entity(name = "Account")
@Table(name = "account")
@SQLRestriction("deleted is null")
class AccountRow {
  @Id long id;
  String name = "";
  String verifier = "";
  @Nullable String scram;
  boolean enabled;
  boolean administrator;
  @Nullable String plan;

  /** What earlier versions follow, too: false only if it was set for the account. */
  @Column(name = "imap_enabled")
  boolean imap;

  /** Whether a true was set for the account. */
  @Column(name = "imap_own")
  boolean imapOwn;

  @Column(name = "pop_enabled")
  boolean pop;

  @Column(name = "pop_own")
  boolean popOwn;

  @Column(name = "deleted_item_days")
  @Nullable Integer deletedItemDays;

  @Embedded
  @AttributeOverride(name = "useDefaults", column = @Column(name = "imap_use_protocol_defaults"))
  @AttributeOverride(name = "mimeFormat", column = @Column(name = "imap_mime_format"))
  @AttributeOverride(name = "calendarFormat", column = @Column(name = "imap_calendar_format"))
  @AttributeOverride(
      name = "suppressReadReceipt",
      column = @Column(name = "imap_suppress_read_receipt"))
  @AttributeOverride(name = "forceICal", column = @Column(name = "imap_force_ical"))
  RetrievalColumns imapOptions = new RetrievalColumns(ProtocolOptions.DEFAULTS.imap());

  @Embedded
  @AttributeOverride(name = "useDefaults", column = @Column(name = "pop_use_protocol_defaults"))
  @AttributeOverride(name = "mimeFormat", column = @Column(name = "pop_mime_format"))
  @AttributeOverride(name = "calendarFormat", column = @Column(name = "pop_calendar_format"))
  @AttributeOverride(
      name = "suppressReadReceipt",
      column = @Column(name = "pop_suppress_read_receipt"))
  @AttributeOverride(name = "forceICal", column = @Column(name = "pop_force_ical"))
  RetrievalColumns popOptions = new RetrievalColumns(ProtocolOptions.DEFAULTS.pop());

  /** For Hibernate. */
  protected AccountRow() {}

  AccountRow(long id, String name, Verifiers verifiers, Optional<String> plan) {
    this.id = id;
    this.name = name;
    this.verifier = verifiers.password().reveal();
    this.scram = scram(verifiers);
    set(AccountSettings.OF_NEW.withPlan(plan));
  }

  final void set(AccountSettings settings) {
    enabled = settings.enabled();
    administrator = settings.administrator();
    imap = settings.imap().orElse(true);
    imapOwn = settings.imap().orElse(false);
    pop = settings.pop().orElse(true);
    popOwn = settings.pop().orElse(false);
    deletedItemDays = settings.deletedItemDays().orElse(null);
    plan = settings.plan().orElse(null);
  }

  AccountSettings settings() {
    return new AccountSettings(
        enabled,
        administrator,
        set(imap, imapOwn),
        set(pop, popOwn),
        Optional.ofNullable(deletedItemDays),
        Optional.ofNullable(plan));
  }

  /** What was set for the account, if anything was, from the two columns. */
  static Optional<Boolean> set(boolean value, boolean own) {
    return value && !own ? Optional.empty() : Optional.of(value);
  }

  void set(ProtocolOptions options) {
    imapOptions = new RetrievalColumns(options.imap());
    popOptions = new RetrievalColumns(options.pop());
  }

  ProtocolOptions options() {
    return new ProtocolOptions(imapOptions.options(), popOptions.options());
  }

  /** The account with its plan. */
  Account account(Optional<MailboxPlan> with) {
    var verifiers =
        new Verifiers(new Secret(verifier), Optional.ofNullable(scram).map(Secret::new));
    return new Account(new AccountId(id), name, verifiers, settings(), options(), with);
  }

  static @Nullable String scram(Verifiers verifiers) {
    return verifiers.scram().map(Secret::reveal).orElse(null);
  }
}
