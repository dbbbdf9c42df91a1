package io.postern.app;

import static io.postern.app.HotStage.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Optional;

/** The hot keys of TLS. */
final class HotTls {
  private static final String MINIMUM = "mail.tls.minimum-tls-version";
  private static final Optional<String> OLD = Optional.of("TLSv1.2");
  private static final Optional<String> NEW = Optional.of("TLSv1.3");

  private HotTls() {}

  /** A clear-text connection starts TLS after the change; a TLS connection continues. */
  static void minimumVersion(HotStage stage) throws Exception {
    try (var open = stage.imap();
        var refused = stage.imap();
        var taken = stage.imap();
        var again = stage.imap()) {
      begin(open).startTls(OLD);
      stage.set(MINIMUM, "1.3");
      assertThatThrownBy(() -> begin(refused).startTls(OLD)).isInstanceOf(IOException.class);
      begin(taken).startTls(NEW);
      HotMailProtocol.IMAP.alive(open);
      HotMailProtocol.IMAP.alive(taken);
      stage.set();
      begin(again).startTls(OLD);
      HotMailProtocol.IMAP.alive(again);
    }
  }

  private static Peer begin(Peer client) throws IOException {
    assertThat(ask(client, "STARTTLS")).startsWith("t OK");
    return client;
  }

  /** The next connection is served by the other engine; who is connected already, goes on. */
  static void engine(HotStage stage) throws Exception {
    try (var before = begin(stage.imap());
        var meanwhile = stage.imap()) {
      before.startTls(NEW);
      assertThat(used(stage, "openssl")).isEqualTo(1);
      stage.set("mail.tls.engine", "jdk");
      assertThat(used(stage, "openssl")).isZero();
      assertThat(used(stage, "jdk")).isEqualTo(1);
      begin(meanwhile).startTls(NEW);
      HotMailProtocol.IMAP.alive(before);
      HotMailProtocol.IMAP.alive(meanwhile);
    }
  }

  private static double used(HotStage stage, String engine) {
    return stage
        .beans
        .meters()
        .get("mail.tls.engine")
        .tags("protocol", "imap", "engine", engine)
        .gauge()
        .value();
  }
}
