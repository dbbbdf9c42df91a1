package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.MailProtocol;
import io.postern.wire.transport.Listener.Tls;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** One session per user is allowed, and a silent one makes room. */
@QuarkusTest
@TestProfile(CertificateRenewalIT.OwnCertificate.class)
class EvictedSessionIT {
  @Inject Server server;

  private Peer imap() throws IOException {
    var peer = new Peer(server.port(MailProtocol.IMAP, Tls.STARTTLS).orElseThrow());
    peer.line();
    return peer;
  }

  @Test
  void aSilentSessionIsEvictedForANewOne() throws IOException {
    try (var old = imap();
        var young = imap()) {
      old.command("LOGIN alice@example.test secret");
      young.command("LOGIN alice@example.test secret");
      assertThat(old.line()).startsWith("* BYE [UNAVAILABLE] A newer session");
      young.command("NOOP");
    }
  }
}
