package io.postern.store.postgres.account;

import io.postern.model.Ids.AccountId;
import io.postern.store.account.Access;
import io.postern.store.account.Account;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import jakarta.persistence.Column;
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

  @Column(name = "imap_enabled")
  boolean imap;

  @Column(name = "pop_enabled")
  boolean pop;

  /** For Hibernate. */
  protected AccountRow() {}

  AccountRow(long id, String name, Verifiers verifiers) {
    this.id = id;
    this.name = name;
    this.verifier = verifiers.password().reveal();
    this.scram = scram(verifiers);
    set(Access.OF_NEW);
  }

  final void set(Access access) {
    enabled = access.enabled();
    administrator = access.administrator();
    imap = access.imap();
    pop = access.pop();
  }

  Access access() {
    return new Access(enabled, administrator, imap, pop);
  }

  Account account() {
    var verifiers =
        new Verifiers(new Secret(verifier), Optional.ofNullable(scram).map(Secret::new));
    return new Account(new AccountId(id), name, verifiers, access());
  }

  static @Nullable String scram(Verifiers verifiers) {
    return verifiers.scram().map(Secret::reveal).orElse(null);
  }
}
