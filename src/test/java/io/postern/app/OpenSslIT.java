package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.model.MailProtocol;
import io.postern.wire.transport.Listener.Tls;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * OpenSSL's client speaks both versions of TLS on every kind of port, whichever engine serves it.
 */
@QuarkusTest
class OpenSslIT {
  @Inject Server server;
  @Inject Config config;
  @Inject Live live;
  @Inject MeterRegistry meters;

  @AfterEach
  void asBefore() {
    live.swap(TestSettings.over(config, List.of()));
  }

  private void servedBy(String engine) {
    live.swap(TestSettings.over(config, List.of("mail.tls.engine=" + engine)));
    for (var protocol : MailProtocol.values()) {
      var gauge =
          meters.get("mail.tls.engine").tags("protocol", protocol.label(), "engine", engine);
      assertThat(gauge.gauge().value()).isEqualTo(1);
    }
  }

  @BeforeEach
  void openSslIsInstalled() {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(it -> new File(it, "openssl").canExecute()),
        "openssl is not installed");
  }

  private String client(String service, String startTls, String... more) throws Exception {
    var tls = startTls.equals("no") ? Tls.IMPLICIT : Tls.STARTTLS;
    var command = new ArrayList<String>();
    command.addAll(List.of("openssl", "s_client", "-connect"));
    command.add(
        "127.0.0.1:" + server.port(MailProtocol.of(service).orElseThrow(), tls).orElseThrow());
    if (tls == Tls.STARTTLS) {
      command.addAll(List.of("-starttls", startTls));
    }
    command.addAll(List.of(more));
    return output(command);
  }

  private static String output(List<String> command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  private static final List<String> ENGINES = List.of("jdk", "openssl");

  /** Service, command that starts TLS, version as an option, and its name. */
  private static final List<List<String>> SPOKEN =
      Stream.of("imap,no", "imap,imap", "pop3,no", "pop3,pop3", "lmtp,lmtp")
          .flatMap(port -> Stream.of(port + ",-tls1_2,TLSv1.2", port + ",-tls1_3,TLSv1.3"))
          .map(row -> List.of(row.split(",", -1)))
          .toList();

  static Stream<Arguments> spoken() {
    return ENGINES.stream()
        .flatMap(
            engine ->
                SPOKEN.stream()
                    .map(it -> Arguments.of(engine, it.get(0), it.get(1), it.get(2), it.get(3))));
  }

  @ParameterizedTest
  @MethodSource("spoken")
  void bothVersionsAreAcceptedOnEveryPort(
      String engine, String service, String startTls, String version, String cipherVersion)
      throws Exception {
    servedBy(engine);
    assertThat(client(service, startTls, version))
        .containsPattern("New, " + cipherVersion + ", Cipher is \\S+(GCM|POLY1305)");
  }

  @ParameterizedTest
  @CsvSource({"jdk,-tls1_1", "jdk,-tls1", "openssl,-tls1_1", "openssl,-tls1"})
  void olderVersionsAreRefused(String engine, String version) throws Exception {
    servedBy(engine);
    assertThat(client("imap", "no", version, "-cipher", "ALL:@SECLEVEL=0"))
        .contains("Cipher is (NONE)");
  }

  static Stream<Arguments> refusedSuites() {
    return ENGINES.stream()
        .flatMap(
            engine ->
                Stream.of("AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES256-SHA384")
                    .map(suite -> Arguments.of(engine, suite)));
  }

  @ParameterizedTest
  @MethodSource("refusedSuites")
  void suitesWithoutAuthenticatedEncryptionOrForwardSecrecyAreRefused(String engine, String suite)
      throws Exception {
    servedBy(engine);
    assertThat(client("imap", "no", "-tls1_2", "-cipher", suite)).contains("Cipher is (NONE)");
  }
}
