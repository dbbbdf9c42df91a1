package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.postern.model.MailProtocol;
import io.postern.wire.Certificates;
import io.postern.wire.transport.Listener.Tls;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The certificate is replaced on disk while clients are connected. */
@QuarkusTest
@TestProfile(CertificateRenewalIT.OwnCertificate.class)
class CertificateRenewalIT {
  private static final Path DIRECTORY = made();

  private static final Duration FIRST = Duration.ofDays(10);
  private static final Duration SECOND = Duration.ofDays(100);

  @Inject Server server;
  @Inject MeterRegistry registry;

  /**
   * A certificate in files that are read every second; one session a user, silent ones are evicted.
   */
  public static final class OwnCertificate implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      write("first", FIRST);
      return Map.of(
          "quarkus.tls.mail.key-store.pem.0.cert", DIRECTORY.resolve("tls.crt").toString(),
          "quarkus.tls.mail.key-store.pem.0.key", DIRECTORY.resolve("tls.key").toString(),
          "quarkus.tls.mail.reload-period", "1s",
          "mail.imap.max-connections-per-user", "1",
          "mail.imap.displace-silent-after", "PT0.001S");
    }
  }

  private static Path made() {
    try {
      return Files.createDirectories(Path.of("target", "renewal-test"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(String name, Duration validity) {
    var made = Certificates.made(name, validity);
    try {
      Files.write(DIRECTORY.resolve("tls.crt"), made.certificate().getBytes());
      Files.write(DIRECTORY.resolve("tls.key"), made.key().getBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String shown() throws IOException {
    try (var client = new Peer(server.port(MailProtocol.IMAP, Tls.IMPLICIT).orElseThrow())) {
      return client.startTls();
    }
  }

  @Test
  void newSessionsUseTheRenewedCertificateAndOpenOnesContinue() throws IOException {
    try (var open = new Peer(server.port(MailProtocol.IMAP, Tls.IMPLICIT).orElseThrow())) {
      assertThat(open.startTls()).isEqualTo("CN=first");
      assertThat(daysLeft()).isBetween(9L, 10L);
      open.line();
      write("second", SECOND);
      long end = System.nanoTime() + 60_000_000_000L;
      while (!shown().equals("CN=second")) {
        assertThat(System.nanoTime()).as("the renewed certificate is not shown").isLessThan(end);
      }
      open.command("NOOP");
    }
    assertThat(daysLeft()).isBetween(99L, 100L);
  }

  /** By the meter of the alert. */
  private long daysLeft() {
    var end = registry.get("mail.tls.certificate.expiry.timestamp").gauge().value();
    return Duration.between(Instant.now(), Instant.ofEpochSecond((long) end)).toDays();
  }
}
