package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OpenSSL connects with both versions of TLS to every kind of port. */
@QuarkusTest
class OpenSslIT {
  @Inject Server server;

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

  @ParameterizedTest
  @CsvSource({
    "imap,no,-tls1_2,TLSv1.2",
    "imap,no,-tls1_3,TLSv1.3",
    "imap,imap,-tls1_2,TLSv1.2",
    "imap,imap,-tls1_3,TLSv1.3",
    "pop3,no,-tls1_2,TLSv1.2",
    "pop3,no,-tls1_3,TLSv1.3",
    "pop3,pop3,-tls1_2,TLSv1.2",
    "pop3,pop3,-tls1_3,TLSv1.3",
    "lmtp,lmtp,-tls1_2,TLSv1.2",
    "lmtp,lmtp,-tls1_3,TLSv1.3",
  })
  void bothVersionsAreAcceptedOnEveryPort(
      String service, String startTls, String version, String cipherVersion) throws Exception {
    assertThat(client(service, startTls, version))
        .containsPattern("New, " + cipherVersion + ", Cipher is \\S+(GCM|POLY1305)");
  }

  @ParameterizedTest
  @CsvSource({"-tls1_1", "-tls1"})
  void olderVersionsAreRefused(String version) throws Exception {
    assertThat(client("imap", "no", version, "-cipher", "ALL:@SECLEVEL=0"))
        .contains("Cipher is (NONE)");
  }

  @ParameterizedTest
  @CsvSource({"AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES256-SHA384"})
  void suitesWithoutAuthenticatedEncryptionOrForwardSecrecyAreRefused(String suite)
      throws Exception {
    assertThat(client("imap", "no", "-tls1_2", "-cipher", suite)).contains("Cipher is (NONE)");
  }
}
