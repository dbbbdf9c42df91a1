package io.postern.app;

import static io.postern.app.HotStage.lines;
import static io.postern.app.HotStage.say;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.MailProtocol;
import io.postern.wire.transport.Listener.Tls;
import java.util.List;

/** The hot keys of POP3. */
final class HotPop3 {
  private HotPop3() {}

  static void banner(HotStage stage) throws Exception {
    try (var client = stage.pop3()) {
      stage.set("mail.pop3.banner", "Another word.");
      assertThat(lines(client, "CAPA")).contains("UIDL");
      try (var next = new Peer(stage.port(MailProtocol.POP3, Tls.STARTTLS))) {
        assertThat(next.line()).isEqualTo("+OK Another word.");
      }
    }
  }

  static void maxCommandSize(HotStage stage) throws Exception {
    var name = "USER " + "x".repeat(300);
    try (var client = stage.pop3()) {
      assertThat(say(client, name)).doesNotContain("at most");
      stage.set("mail.pop3.max-command-size", "255");
      assertThat(say(client, name)).isEqualTo("-ERR A command line has at most 255 octets");
    }
  }

  static void maxProtocolErrors(HotStage stage) throws Exception {
    try (var client = stage.pop3()) {
      stage.set("mail.pop3.max-protocol-errors", "11");
      for (int i = 0; i < 11; i++) {
        assertThat(say(client, "NONSENSE")).startsWith("-ERR");
      }
      assertThat(client.line()).isEqualTo("-ERR Too many errors");
    }
  }

  static void sortOrder(HotStage stage) throws Exception {
    try (var first = stage.pop3();
        var second = stage.pop3()) {
      var ascending = uids(first);
      assertThat(ascending).hasSizeGreaterThan(1);
      assertThat(say(first, "QUIT")).startsWith("+OK");
      stage.set("mail.pop3.message-retrieval-sort-order", "descending");
      assertThat(uids(second)).containsExactlyElementsOf(ascending.reversed());
      assertThat(say(second, "QUIT")).startsWith("+OK");
    }
  }

  private static List<String> uids(Peer client) throws Exception {
    assertThat(say(client, "USER bob@example.test")).startsWith("+OK");
    assertThat(say(client, "PASS secret")).startsWith("+OK");
    return lines(client, "UIDL").lines().map(line -> line.split(" ", 2)[1]).toList();
  }

  static void loginDelay(HotStage stage) throws Exception {
    try (var client = stage.pop3()) {
      assertThat(lines(client, "CAPA")).doesNotContain("LOGIN-DELAY");
      stage.set("mail.pop3.login-delay", "PT1M");
      assertThat(lines(client, "CAPA")).contains("LOGIN-DELAY 60");
    }
  }

  static void loginType(HotStage stage) throws Exception {
    try (var client = stage.pop3()) {
      stage.set("mail.pop3.login-type", "secure-login");
      assertThat(lines(client, "CAPA")).doesNotContain("USER\n");
      assertThat(say(client, "USER alice@example.test")).startsWith("-ERR");
      stage.set();
      assertThat(lines(client, "CAPA")).contains("USER\n");
    }
  }

  static void extendedProtection(HotStage stage) throws Exception {
    try (var client = stage.pop3Tls()) {
      assertThat(lines(client, "CAPA")).containsPattern("SASL .*PLAIN");
      stage.set("mail.pop3.extended-protection-policy", "require");
      assertThat(lines(client, "CAPA")).doesNotContainPattern("SASL .*PLAIN");
    }
  }
}
