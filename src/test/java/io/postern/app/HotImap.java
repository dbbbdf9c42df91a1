package io.postern.app;

import static io.postern.app.HotStage.ask;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.MailProtocol;
import io.postern.wire.transport.Listener.Tls;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The hot keys of IMAP. */
final class HotImap {
  private HotImap() {}

  static void maxReceiveSize(HotStage stage) throws Exception {
    try (var client = stage.alice();
        var peer = stage.lmtp()) {
      client.send("t APPEND INBOX {2000}");
      assertThat(client.line()).startsWith("+ ");
      client.send("x".repeat(2000));
      assertThat(client.until("t ")).startsWith("t OK");
      stage.set("mail.max-receive-size", "1K");
      assertThat(ask(client, "APPEND INBOX {2000}")).startsWith("t NO [TOOBIG]");
      assertThat(peer.say("MAIL FROM:<a@example.test> SIZE=2000").getFirst()).startsWith("552 ");
    }
  }

  static void banner(HotStage stage) throws Exception {
    try (var client = stage.imap()) {
      stage.set("mail.imap.banner", "Another word.");
      assertThat(ask(client, "NOOP")).startsWith("t OK");
      try (var next = new Peer(stage.port(MailProtocol.IMAP, Tls.STARTTLS))) {
        assertThat(next.line()).endsWith("Another word.");
      }
    }
  }

  static void maxCommandSize(HotStage stage) throws Exception {
    var longer = "LIST \"\" " + "x".repeat(1100);
    try (var client = stage.alice()) {
      assertThat(ask(client, longer)).startsWith("t OK");
      stage.set("mail.imap.max-command-size", "1K");
      client.send("t " + longer);
      assertThat(client.line()).isEqualTo("t BAD A command line has at most 1024 octets.");
    }
  }

  static void searchBudget(HotStage stage) throws Exception {
    var twenty =
        IntStream.range(0, 20).mapToObj(n -> "NOT TEXT x" + n).collect(Collectors.joining(" "));
    try (var client = stage.alice()) {
      client.command("CREATE Budget");
      client.command("APPEND Budget {200004+}\r\n\r\n" + "a".repeat(200_000) + "\r\n");
      client.command("SELECT Budget");
      assertThat(client.command("SEARCH " + twenty)).startsWith("* SEARCH 1");
      stage.set("mail.imap.search-budget", "1M");
      assertThat(ask(client, "SEARCH " + twenty)).startsWith("t NO [LIMIT]");
      assertThat(client.command("SEARCH NOT TEXT x")).startsWith("* SEARCH 1");
      stage.set();
      assertThat(client.command("SEARCH " + twenty)).startsWith("* SEARCH 1");
      client.command("DELETE Budget");
    }
  }

  static void maxProtocolErrors(HotStage stage) throws Exception {
    try (var client = stage.imap()) {
      assertThat(ask(client, "NONSENSE")).startsWith("t BAD");
      assertThat(ask(client, "NONSENSE")).startsWith("t BAD");
      stage.set("mail.imap.max-protocol-errors", "3");
      assertThat(ask(client, "NONSENSE")).startsWith("t BAD");
      assertThat(client.line()).startsWith("* BYE Too many errors");
    }
  }

  static void disabledCapabilities(HotStage stage) throws Exception {
    stage.set("mail.imap.disabled-capabilities", "MOVE");
    try (var client = stage.alice()) {
      assertThat(capability(client)).contains("UIDPLUS").doesNotContain("MOVE");
      client.command("SELECT INBOX");
      assertThat(ask(client, "MOVE 1 Trash")).startsWith("t BAD");
      stage.set();
      // A session keeps what it announced.
      assertThat(capability(client)).doesNotContain("MOVE");
    }
    try (var client = stage.alice()) {
      assertThat(capability(client)).contains("MOVE");
    }
  }

  static void disabledCapabilitiesByClient(HotStage stage) throws Exception {
    stage.set("mail.imap.disabled-capabilities-by-client", "Some Mail*:MOVE");
    try (var client = stage.alice()) {
      assertThat(capability(client)).contains("MOVE");
      client.command("ID (\"name\" \"Some Mail\" \"version\" \"1\")");
      assertThat(capability(client)).doesNotContain("MOVE");
      stage.set();
    }
    try (var client = stage.alice()) {
      client.command("ID (\"name\" \"Some Mail\" \"version\" \"1\")");
      assertThat(capability(client)).contains("MOVE");
    }
  }

  static void literalMinus(HotStage stage) throws Exception {
    stage.set("mail.imap.literal-minus", "true");
    try (var client = stage.alice()) {
      assertThat(capability(client)).contains("LITERAL-").doesNotContain("LITERAL+");
      stage.set();
    }
    try (var client = stage.alice()) {
      assertThat(capability(client)).contains("LITERAL+").doesNotContain("LITERAL-");
    }
  }

  static void messageLimit(HotStage stage) throws Exception {
    stage.set("mail.imap.message-limit", "1000");
    try (var client = stage.alice()) {
      assertThat(capability(client)).contains("MESSAGELIMIT=1000");
      stage.set();
    }
    try (var client = stage.alice()) {
      assertThat(capability(client)).contains("SAVELIMIT=100000");
    }
  }

  static void loginType(HotStage stage) throws Exception {
    try (var client = stage.imap()) {
      stage.set("mail.imap.login-type", "secure-login");
      assertThat(capability(client)).contains("LOGINDISABLED");
      assertThat(ask(client, "LOGIN alice@example.test secret")).startsWith("t NO");
      stage.set();
      assertThat(capability(client)).doesNotContain("LOGINDISABLED");
      assertThat(ask(client, "LOGIN alice@example.test secret")).startsWith("t OK");
    }
  }

  static void defaultDomain(HotStage stage) throws Exception {
    try (var client = stage.imap()) {
      assertThat(ask(client, "LOGIN alice secret")).startsWith("t NO");
      stage.set("mail.auth.default-domain", "example.test");
      assertThat(ask(client, "LOGIN alice secret")).startsWith("t OK");
    }
  }

  static void extendedProtection(HotStage stage) throws Exception {
    try (var client = stage.imapTls()) {
      assertThat(capability(client)).contains("AUTH=PLAIN");
      stage.set("mail.imap.extended-protection-policy", "require");
      assertThat(capability(client)).doesNotContain("AUTH=PLAIN");
      assertThat(ask(client, "LOGIN alice@example.test secret")).startsWith("t NO");
    }
  }

  private static String capability(Peer client) throws Exception {
    client.send("t CAPABILITY");
    var line = client.until("* CAPABILITY");
    client.until("t OK");
    return line;
  }
}
