package io.postern.house;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The allowed imports: a row is a room and the rooms it may use; {@code room/Name} opens only the
 * classes whose names begin so. To open a wall, change its row and the {@code package-info} too.
 */
final class Rooms {

  static final String EVERYTHING = "*";

  static final Map<String, List<String>> MAY_IMPORT =
      Map.ofEntries(
          entry("model", List.of()),
          entry("model.message", List.of("model")),
          entry("cancellation", List.of()),
          entry("config.net", List.of("model")),
          entry("config.component", List.of("model")),
          entry("config", List.of("model", "config.net")),
          entry("config.watch", List.of("config")),
          entry("embedded", List.of()),
          entry("image", List.of()),
          entry("mime.header", List.of()),
          entry("mime", List.of("model", "mime.header")),
          entry("mime.decoding", List.of()),
          entry("mime.text", List.of("mime", "mime.header", "mime.decoding")),
          entry("render", List.of("model", "mime", "mime.header", "mime.decoding", "mime.text")),
          entry("admission", List.of("model")),
          entry("tls", List.of()),
          entry("wire", List.of("model", "config")),
          entry("wire.timer", List.of("wire")),
          entry(
              "wire.input",
              List.of("cancellation", "admission", "wire", "wire.timer", "wire.limits")),
          entry("wire.stream", List.of("wire")),
          entry("wire.dial", List.of("wire")),
          entry("wire.limits", List.of("wire.timer")),
          entry("wire.registry", List.of("model", "wire", "wire.timer")),
          entry(
              "wire.transport",
              List.of(
                  "model",
                  "config",
                  "admission",
                  "tls",
                  "wire",
                  "wire.timer",
                  "wire.input",
                  "wire.stream",
                  "wire.limits",
                  "wire.registry")),
          entry("store.account", List.of("model")),
          entry("store", List.of("model", "model.message", "mime", "mime.text")),
          entry("store.postgres.tx", List.of("cancellation", "store")),
          entry("store.postgres.schema", List.of("store.postgres.tx")),
          entry(
              "store.postgres.content",
              List.of("model", "mime", "mime.text", "cancellation", "store", "store.postgres.tx")),
          entry(
              "store.postgres.message",
              List.of(
                  "model",
                  "model.message",
                  "mime",
                  "cancellation",
                  "store",
                  "store.account/Quotas",
                  "store.index",
                  "store.postgres.tx",
                  "store.postgres.page",
                  "store.postgres.content")),
          entry("store.postgres.page", List.of("model.message", "store.index")),
          entry(
              "store.postgres.mailbox",
              List.of(
                  "model",
                  "model.message",
                  "store",
                  "store.postgres.tx",
                  "store.postgres.page",
                  "store.postgres.message")),
          // A new account gets its mailboxes in the same transaction.
          entry(
              "store.postgres.account",
              List.of(
                  "model",
                  "store",
                  "store.account",
                  "store.postgres.tx",
                  "store.postgres.mailbox/InitialMailboxes")),
          entry(
              "store.postgres",
              List.of(
                  "model",
                  "model.message",
                  "mime.text",
                  "cancellation",
                  "store",
                  "store.postgres.tx",
                  "store.postgres.page",
                  "store.postgres.message")),
          entry("store.index", List.of("model", "model.message", "store")),
          entry("store.content", List.of("model", "model.message", "mime", "mime.text", "store")),
          entry("store.search", List.of("model", "mime", "mime.text", "store", "store.content")),
          entry(
              "store.rendering",
              List.of("cancellation", "model", "model.message", "mime", "render", "store")),
          entry("bus", List.of()),
          entry("push", List.of("model", "config", "cancellation", "store", "bus")),
          entry("auth", List.of("model", "config", "store", "store.account", "auth.password")),
          entry("site", List.of("model", "auth", "wire", "store/StoreFailure", "store.account")),
          entry("site.directory", List.of("model", "site", "store", "store.account")),
          entry(
              "site.hop",
              List.of(
                  "model",
                  "cancellation",
                  "config",
                  "config.net/Endpoint",
                  "wire",
                  "auth",
                  "site",
                  "site.directory/CachedHomes")),
          entry("auth.password", List.of("store.account")),
          entry("auth.sasl", List.of("config", "store", "store.account", "auth", "auth.password")),
          entry(
              "limits",
              List.of(
                  "model",
                  "cancellation",
                  "config",
                  "config.component",
                  "config.net",
                  "auth",
                  "wire/CloseReason",
                  "wire.registry",
                  "admission",
                  "bus")),
          entry(
              "imap.grammar",
              List.of("model", "model.message", "mime", "wire/Literal", "wire/Request")),
          entry("imap.response", List.of("model", "model.message", "wire", "imap.grammar")),
          entry(
              "imap.selected",
              List.of(
                  "model",
                  "model.message",
                  "wire",
                  "store",
                  "store.index",
                  "push",
                  "imap.response")),
          entry(
              "imap.state",
              List.of(
                  "model",
                  "wire/Connection",
                  "wire/StreamStage",
                  "wire/HandOver",
                  "wire/Pipe",
                  "wire/SiteLink",
                  "auth",
                  "site/Sites",
                  "store/StoreFailure",
                  "imap.response",
                  "imap.selected")),
          entry(
              "imap.spi",
              List.of(
                  "model",
                  "model.message",
                  "mime",
                  "config",
                  "wire",
                  "auth",
                  "site/Sites",
                  "store",
                  "store.account/Quotas",
                  "store.index",
                  "push",
                  "imap.grammar",
                  "imap.response",
                  "imap.selected",
                  "imap.state")),
          entry(
              "imap.session",
              List.of(
                  "model",
                  "config",
                  "wire",
                  "wire.limits/WireLimits",
                  "auth",
                  "store",
                  "push",
                  "imap.grammar",
                  "imap.response",
                  "imap.selected",
                  "imap.state",
                  "imap.spi")),
          entry("imap.command", verbs()),
          entry(
              "imap.extension",
              with(
                  verbs(),
                  "mime.decoding",
                  "imap.command/AppendSink",
                  "imap.command/CatenateData",
                  "site/HandOverFields",
                  "site/Sites",
                  "imap.command/CopyArguments",
                  "imap.command/FollowedResult",
                  "imap.command/ListMailboxes",
                  "imap.command/MultiSearch",
                  "imap.command/PartialRange",
                  "imap.command/Progress",
                  "imap.command/Replace",
                  "imap.command/Sort",
                  "imap.command/ThreadMessages")),
          entry("imap", List.of("imap.spi", "imap.command", "imap.extension")),
          entry(
              "pop3.maildrop",
              List.of(
                  "model",
                  "mime",
                  "config",
                  "cancellation",
                  "wire",
                  "auth/Identity",
                  "store",
                  "store.index")),
          entry(
              "pop3",
              List.of(
                  "model",
                  "config",
                  "cancellation",
                  "wire",
                  "auth",
                  "site",
                  "store",
                  "store.account",
                  "store.index",
                  "pop3.maildrop")),
          entry(
              "lmtp",
              List.of(
                  "model",
                  "model.message",
                  "mime",
                  "mime.header",
                  "config",
                  "config.net",
                  "wire",
                  "store",
                  "store.account")),
          entry(
              "admin.security",
              List.of("model", "config", "auth", "auth.password", "store", "store.account")),
          entry(
              "admin",
              List.of(
                  "model",
                  "config",
                  "config.net",
                  "config.component",
                  "config.watch/SettingsReport",
                  "wire/CloseReason",
                  "wire.registry",
                  "auth",
                  "store",
                  "store.account/Secret",
                  "probe",
                  "admin.security")),
          entry(
              "admin.account",
              List.of(
                  "model",
                  "model.message",
                  "mime",
                  "config",
                  "auth",
                  "auth.password",
                  "store",
                  "store.account",
                  "admin",
                  "admin.security")),
          // A mail client of this server's own.
          entry("probe", List.of("model", "store.account/Secret")),
          // A client of the API: it runs in a process of its own.
          entry("admin.cli", List.of()),
          entry("admin.settingspage.format", List.of("config", "config.net")),
          entry("admin.settingspage", List.of("config", "config.net", "admin.settingspage.format")),
          // They implement the small interfaces that the rooms they observe declare.
          entry(
              "observe.meter",
              List.of(
                  "model",
                  "config",
                  "wire",
                  "wire.registry",
                  "auth",
                  "site/SiteMeter",
                  "imap.selected/UpdateMeter",
                  "push",
                  "limits/AdmissionMeter",
                  "store.content/ContentCache",
                  "store.index/MailboxIndexes",
                  "store.search",
                  "store.postgres.message/DamagedMailboxes",
                  "store.postgres.tx/TxMeter",
                  "store.postgres.tx/Connections")),
          entry(
              "observe.log",
              List.of(
                  "model",
                  "config",
                  "wire",
                  "wire.registry",
                  "auth",
                  "site/SiteMeter",
                  "observe.meter")),
          entry("observe.probe", List.of("model", "config")),
          entry(
              "observe.protocol",
              List.of(
                  "model",
                  "config",
                  "config.component",
                  "wire",
                  "wire.registry",
                  "observe.log/LogFields",
                  "observe.meter/SessionMeters")),
          entry("observe.trace", List.of("model", "config", "wire/CloseReason", "wire.registry")),
          entry(
              "observe",
              List.of(
                  "model",
                  "config",
                  "config.component",
                  "config.watch/SettingsReport",
                  "wire",
                  "wire.registry",
                  "auth",
                  "push",
                  "observe.meter",
                  "observe.log",
                  "observe.protocol/ProtocolLog",
                  "observe.trace/Traces",
                  "store.index/MailboxIndexes",
                  "store.postgres.tx/TxMeter")),
          entry(
              "app.tls",
              List.of("model", "config", "tls", "store.account", "admin.settingspage.format")),
          entry("app.wiring", List.of(EVERYTHING)),
          entry("app", List.of(EVERYTHING)));

  private Rooms() {}

  /** A verb may be about the connection itself: STARTTLS, IDLE, AUTHENTICATE, COMPRESS. */
  private static List<String> verbs() {
    return List.of(
        "model",
        "model.message",
        "mime",
        "mime.header",
        "mime.text",
        "config",
        "cancellation",
        "wire/Connection",
        "wire/Outbox",
        "wire/StreamStage",
        "wire/Request",
        "wire/Literal",
        "auth",
        "store",
        "store.account",
        "store.index",
        "imap.grammar",
        "imap.response",
        "imap.selected",
        "imap.state",
        "imap.spi");
  }

  private static List<String> with(List<String> rooms, String... more) {
    return Stream.concat(rooms.stream(), Stream.of(more)).toList();
  }
}
