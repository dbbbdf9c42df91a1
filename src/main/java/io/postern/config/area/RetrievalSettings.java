package io.postern.config.area;

import io.postern.config.net.AdvertisedServer;
import io.postern.model.CalendarFormat;
import io.postern.model.MimeFormat;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The form in which messages are shown to clients: part of {@code mail.imap} and {@code mail.pop3}.
 * A change applies to new sessions, so that a session is always shown the same octets. A mailbox
 * may have options of its own.
 */
public interface RetrievalSettings {
  /**
   * The format of message bodies. {@code best-body-format} is the message as it is stored; the
   * other formats convert the body and leave attachments, signed and encrypted messages, and
   * messages of more than 64 MiB as they are. Exchange: MessageRetrievalMimeFormat.
   */
  @WithDefault("best-body-format")
  MimeFormat messageRetrievalMimeFormat();

  /**
   * The form of meeting requests: {@code icalendar}, or in its place a link to a web client at the
   * first host of {@code internal-connection-settings} ({@code intranet-url}) or {@code
   * external-connection-settings} ({@code internet-url}), under {@code /owa/}, or at {@code
   * owa-server-url} ({@code custom}). Exchange: CalendarItemRetrievalOption.
   */
  @WithDefault("icalendar")
  CalendarFormat calendarItemRetrievalOption();

  /**
   * The web client for {@code calendar-item-retrieval-option=custom}, an http or https URL; the
   * account and the id of the message are added as {@code account=} and {@code item=}. Exchange:
   * OwaServerUrl.
   */
  Optional<String> owaServerUrl();

  /**
   * Whether messages are shown without requests for read receipts, so that a client sends none when
   * it downloads them. Exchange: SuppressReadReceipt.
   */
  @WithDefault("false")
  boolean suppressReadReceipt();

  /** Declares the keys with their bounds. */
  static void declare(
      String area, RetrievalSettings now, ConnectionSettings advertised, Keys keys) {
    keys.choice(area + ".message-retrieval-mime-format", now.messageRetrievalMimeFormat());
    keys.choice(area + ".calendar-item-retrieval-option", now.calendarItemRetrievalOption());
    keys.parsed(
        area + ".owa-server-url",
        now.owaServerUrl().orElse(""),
        "an http:// or https:// URL without a fragment, at most 1,000 characters",
        () -> now.owaServerUrl().ifPresent(RetrievalSettings::checkUrl));
    keys.flag(area + ".suppress-read-receipt", now.suppressReadReceipt());
    keys.rule(
        now.calendarItemRetrievalOption() == CalendarFormat.ICALENDAR
            || webClient(now, advertised, now.calendarItemRetrievalOption()).isPresent(),
        area
            + ".calendar-item-retrieval-option is custom, but "
            + area
            + ".owa-server-url is not set; or intranet-url or internet-url, but "
            + area
            + ".internal-connection-settings or .external-connection-settings names no host");
  }

  /** The URL of the web client that a form of meeting requests links to; empty for iCalendar. */
  static Optional<String> webClient(
      RetrievalSettings now, ConnectionSettings advertised, CalendarFormat format) {
    return switch (format) {
      case ICALENDAR -> Optional.empty();
      case CUSTOM -> now.owaServerUrl();
      case INTRANET_URL -> host(advertised.internalConnectionSettings());
      case INTERNET_URL -> host(advertised.externalConnectionSettings());
    };
  }

  private static Optional<String> host(Optional<List<String>> servers) {
    return servers.orElse(List.of()).stream()
        .flatMap(text -> AdvertisedServer.read(text).stream())
        .findFirst()
        .map(server -> "https://" + server.host() + "/owa/");
  }

  private static void checkUrl(String url) {
    var parsed = URI.create(url);
    var scheme = String.valueOf(parsed.getScheme());
    boolean usable =
        scheme.matches("(?i)https?")
            && parsed.getHost() != null
            && parsed.getUserInfo() == null
            && parsed.getFragment() == null
            && url.length() <= 1_000
            && url.chars().allMatch(c -> c > ' ' && c <= '~');
    if (!usable) {
      throw new IllegalArgumentException(
          "\"" + url + "\" is not the URL of a web client: write https://host/path");
    }
  }
}
