package io.postern.house;

import static java.util.Map.entry;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may know whom. A row is a room and the rooms it may import; a row that does not mention a
 * room must not use it. {@code room/Name} opens only the classes of a room whose names begin so. To
 * open a wall, change its row here and its {@code package-info}, and say why in the commit.
 */
final class Rooms {

  static final String BASE = "io.postern";

  private static final String EVERYTHING = "*";

  private static final Map<String, List<String>> MAY_IMPORT =
      Map.ofEntries(
          entry("model", List.of()),
          entry("cancellation", List.of()),
          entry("config.net", List.of()),
          entry("config", List.of("config.net")),
          entry("config.watch", List.of("config")),
          entry("embedded", List.of()),
          entry("image", List.of()),
          entry("mime", List.of("model")),
          entry("mime.text", List.of("mime")),
          entry("wire.door", List.of()),
          entry("wire", List.of("config", "cancellation", "wire.door")),
          entry("store", List.of("model", "mime")),
          entry(
              "store.postgres",
              List.of("model", "mime", "config", "cancellation", "store", "store.postgres.tx")),
          // A new account gets its mailboxes in the same transaction.
          entry(
              "store.postgres.account",
              List.of("model", "store", "store.postgres.tx", "store.postgres/Standard")),
          entry("store.postgres.tx", List.of("cancellation", "store")),
          entry("store.postgres.schema", List.of("store.postgres.tx")),
          entry("store.blob", List.of("model", "config", "store")),
          entry("store.index", List.of("model", "store")),
          entry("render", List.of("model", "mime", "mime.text", "store/Blobs")),
          entry("push", List.of("model", "config", "store")),
          entry("auth", List.of("model", "config", "store", "auth.password")),
          entry("auth.password", List.of("store")),
          entry("auth.sasl", List.of("config", "store", "auth", "auth.password")),
          entry(
              "cluster",
              List.of(
                  "model",
                  "config",
                  "config.net",
                  "auth",
                  "wire/Sessions",
                  "wire/CloseReason",
                  "wire.door",
                  "push/RedisLine")),
          entry("site", List.of("model", "config", "wire", "auth")),
          entry("imap.grammar", List.of("model", "mime", "wire/Literal", "wire/Request")),
          entry(
              "imap.session",
              List.of(
                  "model",
                  "mime",
                  "mime.text",
                  "config",
                  "wire",
                  "auth",
                  "store",
                  "store.index",
                  "push",
                  "render",
                  "imap.grammar")),
          entry("imap.command", verbs()),
          entry("imap.extension", verbs()),
          entry(
              "imap",
              List.of(
                  "config",
                  "auth",
                  "imap.grammar",
                  "imap.session",
                  "imap.command",
                  "imap.extension")),
          entry(
              "pop3",
              List.of(
                  "model",
                  "mime",
                  "config",
                  "cancellation",
                  "wire",
                  "auth",
                  "store",
                  "store.index")),
          entry("lmtp", protocol()),
          entry("admin.door", List.of("config", "auth", "auth.password", "store")),
          entry(
              "admin",
              List.of(
                  "model",
                  "mime",
                  "config",
                  "config.net",
                  "wire/Sessions",
                  "wire/CloseReason",
                  "auth",
                  "auth.password",
                  "store",
                  "admin.door")),
          // It implements the small interfaces that the rooms it watches declare.
          entry(
              "observe",
              List.of(
                  "model",
                  "config",
                  "wire",
                  "auth",
                  "imap.session",
                  "push",
                  "observe.trace/Traces",
                  "cluster/CrowdMeter",
                  "store.index/MailboxIndexes",
                  "store.postgres.tx/TxMeter")),
          entry("observe.trace", List.of("config", "wire/Sessions", "wire/CloseReason")),
          entry("app", List.of(EVERYTHING)));

  private Rooms() {}

  /** A verb may be about the connection itself: STARTTLS, IDLE, AUTHENTICATE, COMPRESS. */
  private static List<String> verbs() {
    return List.of(
        "model",
        "mime",
        "mime.text",
        "config",
        "cancellation",
        "wire/Connection",
        "wire/Outbox",
        "wire/Request",
        "wire/Literal",
        "auth",
        "store",
        "store.index",
        "render",
        "imap.grammar",
        "imap.session");
  }

  private static List<String> protocol() {
    return List.of(
        "model", "mime", "config", "config.net", "wire", "auth", "store", "push", "render");
  }

  /**
   * The room that a class lives in, as it is called in the table; empty if there is no such row.
   */
  static Optional<String> of(JavaClass type) {
    var name = type.getPackageName();
    return Optional.of(name)
        .filter(it -> it.startsWith(BASE + "."))
        .map(it -> it.substring(BASE.length() + 1))
        .filter(MAY_IMPORT::containsKey);
  }

  /** Whether a class of one room may use a class of the same or another. */
  static boolean mayImport(String room, JavaClass target) {
    var there = of(target).orElse("");
    if (there.equals(room)) {
      return true;
    }
    return !there.equals("embedded")
        && !there.equals("app")
        && MAY_IMPORT.getOrDefault(room, List.of()).stream()
            .anyMatch(opening -> opens(opening, there, outermost(target)));
  }

  private static boolean opens(String opening, String room, JavaClass target) {
    var parts = opening.split("/", 2);
    return opening.equals(EVERYTHING)
        || (parts[0].equals(room)
            && (parts.length == 1 || target.getSimpleName().startsWith(parts[1])));
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(Rooms::outermost).orElse(type);
  }
}
