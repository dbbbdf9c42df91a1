package io.postern.app.wiring;

import io.postern.auth.Identity;
import io.postern.config.Live;
import io.postern.config.LiveSettings;
import io.postern.config.area.ConnectionSettings;
import io.postern.config.area.RetrievalSettings;
import io.postern.model.CalendarFormat;
import io.postern.model.MailProtocol;
import io.postern.render.RenderOptions;
import io.postern.store.Messages;
import io.postern.store.rendering.Renditions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Decides how a session is shown messages: by the options of its mailbox, where it has its own, and
 * otherwise by the settings of the protocol.
 */
public record MessageRetrieval(Renditions renditions, Live live) {
  /** The messages for a session over IMAP or POP3 that begins now. */
  public Messages shown(MailProtocol protocol, Identity identity) {
    return renditions.of(options(live.now(), protocol, identity));
  }

  /** The options of a session. */
  static RenderOptions options(LiveSettings now, MailProtocol protocol, Identity identity) {
    return switch (protocol) {
      case IMAP -> options(now.imap(), identity);
      case POP3 -> options(now.pop3(), identity);
      case LMTP -> RenderOptions.STORED;
    };
  }

  private static <S extends RetrievalSettings & ConnectionSettings> RenderOptions options(
      S settings, Identity identity) {
    var own = identity.retrieval();
    boolean defaults = own.useProtocolDefaults();
    var calendar =
        defaults
            ? settings.calendarItemRetrievalOption()
            : own.forceICal() ? CalendarFormat.ICALENDAR : own.calendarFormat();
    return new RenderOptions(
        defaults ? settings.messageRetrievalMimeFormat() : own.mimeFormat(),
        link(settings, calendar, identity),
        defaults ? settings.suppressReadReceipt() : own.suppressReadReceipt());
  }

  /** Empty, too, where the settings no longer name the web client that a mailbox asks for. */
  private static <S extends RetrievalSettings & ConnectionSettings> Optional<String> link(
      S settings, CalendarFormat calendar, Identity identity) {
    var account = URLEncoder.encode(identity.name(), StandardCharsets.UTF_8);
    return RetrievalSettings.webClient(settings, settings, calendar)
        .map(url -> url + (url.contains("?") ? "&" : "?") + "account=" + account + "&item=");
  }
}
