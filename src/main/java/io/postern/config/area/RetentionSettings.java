package io.postern.config.area;

import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Retention of expunged mail, deleted accounts and the audit trail. */
public interface RetentionSettings {
  /**
   * How long mail that was expunged can be restored; 0 to 24,855 days. Exchange:
   * DeletedItemRetention.
   */
  @WithDefault("P14D")
  Duration deletedItem();

  /** How long a deleted account can be restored; 0 to 24,855 days. Exchange: MailboxRetention. */
  @WithDefault("P30D")
  Duration mailbox();

  /**
   * How long calls of the admin API are kept in the audit trail; 0 to 24,855 days. Exchange:
   * AuditLogAgeLimit.
   */
  @WithDefault("P90D")
  Duration audit();

  /** Declares the keys with their bounds. */
  static void declare(RetentionSettings now, Keys keys) {
    keys.duration(
        "mail.retention.deleted-item", now.deletedItem(), Duration.ZERO, Duration.ofDays(24_855));
    keys.duration("mail.retention.mailbox", now.mailbox(), Duration.ZERO, Duration.ofDays(24_855));
    keys.duration("mail.retention.audit", now.audit(), Duration.ZERO, Duration.ofDays(24_855));
  }
}
