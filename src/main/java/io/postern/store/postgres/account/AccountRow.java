package io.postern.store.postgres.account;

import io.postern.model.CalendarFormat;
import io.postern.model.Ids.AccountId;
import io.postern.model.MimeFormat;
import io.postern.model.RetrievalOptions;
import io.postern.store.account.Access;
import io.postern.store.account.Account;
import io.postern.store.account.ProtocolOptions;
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

  @Column(name = "imap_use_protocol_defaults")
  boolean imapDefaults = true;

  @Column(name = "imap_mime_format")
  short imapMimeFormat = (short) MimeFormat.BEST_BODY_FORMAT.ordinal();

  @Column(name = "imap_calendar_format")
  short imapCalendarFormat;

  @Column(name = "imap_suppress_read_receipt")
  boolean imapSuppressReadReceipt;

  @Column(name = "imap_force_ical")
  boolean imapForceICal;

  @Column(name = "pop_use_protocol_defaults")
  boolean popDefaults = true;

  @Column(name = "pop_mime_format")
  short popMimeFormat = (short) MimeFormat.BEST_BODY_FORMAT.ordinal();

  @Column(name = "pop_calendar_format")
  short popCalendarFormat;

  @Column(name = "pop_suppress_read_receipt")
  boolean popSuppressReadReceipt;

  @Column(name = "pop_force_ical")
  boolean popForceICal;

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

  void set(ProtocolOptions options) {
    var imapOptions = options.imap();
    imapDefaults = imapOptions.useProtocolDefaults();
    imapMimeFormat = (short) imapOptions.mimeFormat().ordinal();
    imapCalendarFormat = (short) imapOptions.calendarFormat().ordinal();
    imapSuppressReadReceipt = imapOptions.suppressReadReceipt();
    imapForceICal = imapOptions.forceICal();
    var popOptions = options.pop();
    popDefaults = popOptions.useProtocolDefaults();
    popMimeFormat = (short) popOptions.mimeFormat().ordinal();
    popCalendarFormat = (short) popOptions.calendarFormat().ordinal();
    popSuppressReadReceipt = popOptions.suppressReadReceipt();
    popForceICal = popOptions.forceICal();
  }

  ProtocolOptions options() {
    return new ProtocolOptions(
        new RetrievalOptions(
            imapDefaults,
            MimeFormat.BY_NUMBER.get(imapMimeFormat),
            CalendarFormat.values()[imapCalendarFormat],
            imapSuppressReadReceipt,
            imapForceICal),
        new RetrievalOptions(
            popDefaults,
            MimeFormat.BY_NUMBER.get(popMimeFormat),
            CalendarFormat.values()[popCalendarFormat],
            popSuppressReadReceipt,
            popForceICal));
  }

  Account account() {
    var verifiers =
        new Verifiers(new Secret(verifier), Optional.ofNullable(scram).map(Secret::new));
    return new Account(new AccountId(id), name, verifiers, access(), options());
  }

  static @Nullable String scram(Verifiers verifiers) {
    return verifiers.scram().map(Secret::reveal).orElse(null);
  }
}
