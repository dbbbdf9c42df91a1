package io.postern.admin.account;

import io.postern.admin.Tagged;
import io.postern.store.account.Quotas.Levels;
import io.postern.store.account.Quotas.Quota;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The quota of an account as the administration API shows it.
 *
 * @param octets the size of all its messages
 * @param messages how many
 * @param own the levels that were set for it
 * @param inForce the same, and for the others those of its plan and the defaults of the settings
 * @param state what its usage means
 */
public record QuotaView(
    long octets,
    long messages,
    QuotaLevels own,
    QuotaLevels inForce,
    @Schema(enumeration = {"below", "warning", "prohibit-send", "prohibit-receive"}) String state)
    implements Tagged {
  /**
   * Levels; absent ones are not set.
   *
   * @param issueWarningQuota octets from which the user is to be warned. Exchange:
   *     IssueWarningQuota
   * @param prohibitSendQuota octets from which the user may send no mail. Exchange:
   *     ProhibitSendQuota
   * @param prohibitSendReceiveQuota the most octets. Exchange: ProhibitSendReceiveQuota
   * @param maxMessages the most messages
   */
  public record QuotaLevels(
      Optional<Long> issueWarningQuota,
      Optional<Long> prohibitSendQuota,
      Optional<Long> prohibitSendReceiveQuota,
      Optional<Long> maxMessages) {
    static QuotaLevels of(Levels levels) {
      return new QuotaLevels(
          levels.warning(), levels.prohibitSend(), levels.prohibitReceive(), levels.messages());
    }
  }

  static QuotaView of(Quota quota) {
    return new QuotaView(
        quota.usage().octets(),
        quota.usage().messages(),
        QuotaLevels.of(quota.own()),
        QuotaLevels.of(quota.inForce()),
        state(quota));
  }

  private static String state(Quota quota) {
    var levels = quota.inForce();
    long octets = quota.usage().octets();
    long messages = quota.usage().messages();
    if (reached(levels.prohibitReceive(), octets) || reached(levels.messages(), messages)) {
      return "prohibit-receive";
    }
    if (reached(levels.prohibitSend(), octets)) {
      return "prohibit-send";
    }
    return reached(levels.warning(), octets) ? "warning" : "below";
  }

  private static boolean reached(Optional<Long> level, long usage) {
    return level.filter(it -> usage >= it).isPresent();
  }

  /** The entity tag of levels. */
  static String tag(QuotaLevels own) {
    return Stream.of(
            own.issueWarningQuota,
            own.prohibitSendQuota,
            own.prohibitSendReceiveQuota,
            own.maxMessages)
        .map(level -> level.map(it -> Long.toString(it)).orElse("x"))
        .collect(Collectors.joining("-", "\"", "\""));
  }

  @Override
  public String tag() {
    return tag(own);
  }
}
