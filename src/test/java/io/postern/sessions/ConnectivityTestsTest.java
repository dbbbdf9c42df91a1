package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.MailProtocol;
import io.postern.probe.ConnectivityResult;
import io.postern.probe.ConnectivityResult.Result;
import io.postern.probe.ConnectivityResult.Step;
import io.postern.probe.ConnectivityTest;
import io.postern.probe.ConnectivityTest.CertificateCheck;
import io.postern.probe.ConnectivityTest.Credential;
import io.postern.probe.ConnectivityTest.Depth;
import io.postern.probe.ConnectivityTest.Encryption;
import io.postern.probe.ConnectivityTests;
import io.postern.probe.Targets;
import io.postern.store.account.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connectivity test through the listeners, and what it leaves behind. */
class ConnectivityTestsTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final MemoryTarget server = new MemoryTarget();
  private final Target.Login alice = server.account();
  private final ConnectivityTests tests = new ConnectivityTests(this::targets);

  @AfterEach
  void close() {
    server.close();
  }

  private List<Targets.Target> targets(MailProtocol protocol) {
    int port =
        switch (protocol) {
          case IMAP -> server.imapPort();
          case POP3 -> server.pop3Port();
          case LMTP -> server.lmtpPort();
        };
    return List.of(new Targets.Target("127.0.0.1", port, false));
  }

  private ConnectivityResult run(
      MailProtocol protocol,
      Encryption encryption,
      Depth depth,
      boolean trustAny,
      String password) {
    return tests.run(
        new ConnectivityTest(
            protocol,
            targets(protocol).getFirst(),
            encryption,
            depth,
            new CertificateCheck(trustAny, Optional.empty()),
            Optional.of(new Credential(alice.name(), new Secret(password))),
            LONG,
            LONG));
  }

  private ConnectivityResult run(MailProtocol protocol, Encryption encryption, Depth depth) {
    return run(protocol, encryption, depth, true, alice.password());
  }

  private static List<String> scenarios(ConnectivityResult result) {
    return result.steps().stream().map(Step::scenario).toList();
  }

  private static void succeeds(ConnectivityResult result, String... scenarios) {
    assertThat(result.error()).isEmpty();
    assertThat(result.result()).isEqualTo(Result.SUCCESS);
    assertThat(scenarios(result)).containsExactly(scenarios);
    assertThat(result.steps()).allSatisfy(it -> assertThat(it.latency()).isPositive());
  }

  @Test
  void imapAddsReadsAndRemovesAMessage() {
    succeeds(
        run(MailProtocol.IMAP, Encryption.TLS, Depth.MESSAGE),
        "connect",
        "greeting",
        "capability",
        "starttls",
        "capability",
        "login",
        "select",
        "append",
        "fetch",
        "delete",
        "logout");
    // Nothing is left: the newest message is none.
    assertThat(scenarios(run(MailProtocol.POP3, Encryption.TLS, Depth.READ))).doesNotContain("top");
  }

  @Test
  void pop3FindsAndRemovesADeliveredMessage() {
    succeeds(
        run(MailProtocol.POP3, Encryption.TLS, Depth.MESSAGE),
        "deliver",
        "connect",
        "greeting",
        "capability",
        "starttls",
        "capability",
        "login",
        "stat",
        "find",
        "retr",
        "dele",
        "quit");
    assertThat(scenarios(run(MailProtocol.POP3, Encryption.TLS, Depth.READ))).doesNotContain("top");
  }

  @ParameterizedTest
  @EnumSource(
      value = MailProtocol.class,
      names = {"IMAP", "POP3"})
  void aLightTestLogsInOnly(MailProtocol protocol) {
    succeeds(
        run(protocol, Encryption.PLAINTEXT, Depth.LOGON),
        "connect",
        "greeting",
        "capability",
        "login",
        protocol == MailProtocol.IMAP ? "logout" : "quit");
  }

  @ParameterizedTest
  @EnumSource(
      value = MailProtocol.class,
      names = {"IMAP", "POP3"})
  void tlsIsUsedIfItIsAnnounced(MailProtocol protocol) {
    assertThat(scenarios(run(protocol, Encryption.TLS_IF_ANNOUNCED, Depth.GREETING)))
        .contains("starttls");
  }

  @ParameterizedTest
  @EnumSource(
      value = MailProtocol.class,
      names = {"IMAP", "POP3"})
  void aWrongPasswordFailsAtTheLogin(MailProtocol protocol) {
    var result = run(protocol, Encryption.TLS, Depth.LOGON, true, "xyzzy1234");
    assertThat(result.result()).isEqualTo(Result.FAILURE);
    assertThat(result.steps().getLast().scenario()).isEqualTo("login");
    assertThat(result.error().orElse("")).startsWith("login: the server answered: ");
    assertThat(result.toString()).doesNotContain("xyzzy1234");
  }

  @ParameterizedTest
  @EnumSource(
      value = MailProtocol.class,
      names = {"IMAP", "POP3"})
  void aCertificateOfAnUnknownIssuerFails(MailProtocol protocol) {
    var result = run(protocol, Encryption.TLS, Depth.LOGON, false, alice.password());
    assertThat(result.result()).isEqualTo(Result.FAILURE);
    assertThat(result.steps().getLast().scenario()).isEqualTo("starttls");
  }

  @Test
  void withoutACredentialTheLoginIsSkipped() {
    var result =
        tests.run(
            new ConnectivityTest(
                MailProtocol.IMAP,
                targets(MailProtocol.IMAP).getFirst(),
                Encryption.TLS,
                Depth.LOGON,
                CertificateCheck.NONE,
                Optional.empty(),
                LONG,
                LONG));
    assertThat(result.result()).isEqualTo(Result.SUCCESS);
    assertThat(result.steps())
        .filteredOn(it -> it.result() == Result.SKIPPED)
        .extracting(Step::scenario)
        .containsExactly("login");
  }
}
