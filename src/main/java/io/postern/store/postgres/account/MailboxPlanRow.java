package io.postern.store.postgres.account;

import io.postern.store.account.MailboxPlan;
import io.postern.store.account.ProtocolOptions;
import io.postern.store.account.Quotas.Levels;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A row of {@code mailbox_plan}. */
@Entity(name = "MailboxPlan")
@Table(name = "mailbox_plan")
class MailboxPlanRow {
  @Id String name = "";

  @Column(name = "by_default")
  boolean byDefault;

  @Column(name = "imap_enabled")
  boolean imap;

  @Column(name = "pop_enabled")
  boolean pop;

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

  @Nullable Long warning;

  @Column(name = "prohibit_send")
  @Nullable Long prohibitSend;

  @Column(name = "prohibit_receive")
  @Nullable Long prohibitReceive;

  @Nullable Long messages;

  @Column(name = "deleted_item_days")
  @Nullable Integer deletedItemDays;

  /** For Hibernate. */
  protected MailboxPlanRow() {}

  MailboxPlanRow(MailboxPlan plan) {
    name = plan.name();
    set(plan);
  }

  /** Takes all over but the name. */
  final void set(MailboxPlan plan) {
    byDefault = plan.byDefault();
    imap = plan.imap();
    pop = plan.pop();
    imapOptions = new RetrievalColumns(plan.options().imap());
    popOptions = new RetrievalColumns(plan.options().pop());
    warning = plan.levels().warning().orElse(null);
    prohibitSend = plan.levels().prohibitSend().orElse(null);
    prohibitReceive = plan.levels().prohibitReceive().orElse(null);
    messages = plan.levels().messages().orElse(null);
    deletedItemDays = plan.deletedItemDays().orElse(null);
  }

  MailboxPlan plan() {
    return new MailboxPlan(
        name,
        byDefault,
        imap,
        pop,
        new ProtocolOptions(imapOptions.options(), popOptions.options()),
        new Levels(
            Optional.ofNullable(warning),
            Optional.ofNullable(prohibitSend),
            Optional.ofNullable(prohibitReceive),
            Optional.ofNullable(messages)),
        Optional.ofNullable(deletedItemDays));
  }
}
