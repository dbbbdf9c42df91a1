package io.postern.config.area;

import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** The log of a protocol's commands. */
public interface ProtocolLogSettings {
  /**
   * Whether each command writes a line to the protocol log; passwords, tokens and messages are
   * never logged. Exchange: ProtocolLogEnabled.
   */
  @WithDefault("false")
  boolean protocolLogEnabled();

  /**
   * The directory of the log's files, an absolute path; it is created if it does not exist. Without
   * one, lines are written to the server's log, by the loggers {@code io.postern.protocol.imap} and
   * {@code io.postern.protocol.pop3}. Exchange: LogFileLocation.
   */
  Optional<String> logFileLocation();

  /**
   * The format of the files: the fields of Exchange 2013 or of Exchange 2016, separated by commas,
   * or the latter as JSON, one object a line. The server's own log has {@code mail.log.format}.
   */
  @WithDefault("exchange-2016")
  Format logFormat();

  /**
   * When a file of this size is full and the next one begins: {@code 64K} to {@code 2G}; {@code 0}
   * to begin new files by time only, {@code unlimited} to begin none before the next start.
   * Exchange: LogPerFileSizeQuota.
   */
  @WithDefault("0")
  String logPerFileSizeQuota();

  /**
   * How often a new file begins, in UTC, if {@code log-per-file-size-quota} is 0. Exchange:
   * LogFileRollOverSettings.
   */
  @WithDefault("hourly")
  RollOver logFileRollOverSettings();

  /**
   * After which time without a line a file is deleted; 1 h to 3,650 days. Exchange:
   * AgeQuotaInHours.
   */
  @WithDefault("P1D")
  Duration logAgeQuota();

  /**
   * The size of all files of the protocol, beyond which the oldest are deleted; 1M to 1T. Exchange:
   * SizeQuota.
   */
  @WithDefault("1G")
  MemorySize logSizeQuota();

  /** Whether files roll over by time, rather than by size or not at all. */
  default boolean rollsByTime() {
    return logPerFileSizeQuota().equals("0");
  }

  /** The largest size of a file in octets. */
  default long perFileOctets() {
    return rollsByTime() || logPerFileSizeQuota().equals(UNLIMITED)
        ? Long.MAX_VALUE
        : octets(logPerFileSizeQuota());
  }

  /** The value of {@code log-per-file-size-quota} with which a file has no largest size. */
  String UNLIMITED = "unlimited";

  /** Declares the keys with their bounds. */
  static void declare(String prefix, ProtocolLogSettings now, Keys keys) {
    keys.flag(prefix + ".protocol-log-enabled", now.protocolLogEnabled());
    keys.matching(
        prefix + ".log-file-location", now.logFileLocation(), "/.{0,4095}", "an absolute path");
    keys.choice(prefix + ".log-format", now.logFormat());
    keys.parsed(
        prefix + ".log-per-file-size-quota",
        now.logPerFileSizeQuota(),
        "0, unlimited, or 65536 to 2147483648 octets",
        () -> checkQuota(now.logPerFileSizeQuota()));
    keys.choice(prefix + ".log-file-roll-over-settings", now.logFileRollOverSettings());
    keys.duration(
        prefix + ".log-age-quota", now.logAgeQuota(), Duration.ofHours(1), Duration.ofDays(3_650));
    keys.octets(prefix + ".log-size-quota", now.logSizeQuota(), 1L << 20, 1L << 40);
  }

  private static void checkQuota(String text) {
    if (text.equals("0") || text.equals(UNLIMITED)) {
      return;
    }
    long octets = octets(text);
    if (octets < 1L << 16 || octets > 1L << 31) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not allowed: write 0, unlimited, or 64K to 2G");
    }
  }

  private static long octets(String text) {
    if (!text.matches("[0-9]{1,12}[KMGkmg]?")) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no size: write 0, unlimited, or 64K to 2G");
    }
    return Objects.requireNonNull(new MemorySizeConverter().convert(text)).asLongValue();
  }

  /** The fields of a line. */
  enum Format {
    /** date-time, connector-id, session-id, sequence-number, local-endpoint and so on. */
    EXCHANGE_2013,
    /** dateTime, sessionId, seqNumber, sIp, cIp, user, duration, rqsize, rpsize and so on. */
    EXCHANGE_2016,
    /** The fields of Exchange 2016 as JSON. */
    JSON
  }

  /** When a new file begins. */
  enum RollOver {
    /** Each hour. */
    HOURLY,
    /** Each day. */
    DAILY,
    /** Each Monday. */
    WEEKLY,
    /** On the first day of each month. */
    MONTHLY
  }
}
