package io.postern.clients;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** curl and gsasl log in by each mechanism they know on the packaged server, right and wrong. */
@Tag("clients")
@Timeout(600)
class AuthIT {
  private static final String ISSUER = "-Dmail.auth.oauth2.issuer=https://id.example.test";

  @Test
  void passwordsAndTokens(@TempDir Path folder) throws Exception {
    var key = keys(folder);
    try (var node =
        ServerUnderTest.start(
            folder.resolve("data"),
            ISSUER,
            "-Dmail.auth.oauth2.audience=mail",
            "-Dmail.imap.extended-protection-policy=allow",
            "-Dmail.auth.oauth2.jwks=" + folder.resolve("jwks.json"))) {
      Program.run("auth_story.py", node.ports(), "--binding", "--key", key.toString());
    }
  }

  @Test
  void tickets(@TempDir Path folder) throws Exception {
    assumeTrue(Kdc.installed(), "no krb5-kdc, krb5-admin-server and krb5-user on this machine");
    try (var kdc = Kdc.start(folder)) {
      kdc.user("alice", "ticket");
      kdc.user("stranger", "ticket");
      var keytab = kdc.keytab("mail.keytab", "imap/localhost", "pop/localhost");
      var alice = kdc.ticket("alice", "ticket");
      var stranger = kdc.ticket("stranger", "ticket");
      try (var node =
          ServerUnderTest.start(
              folder.resolve("data"),
              "-Dmail.auth.gssapi.enabled=true",
              "-Dmail.auth.gssapi.keytab=" + keytab,
              "-Djava.security.krb5.conf=" + kdc.config())) {
        story(kdc, node, "--ticket", alice.toString(), "--wrong-ticket", stranger.toString());
        // Keys that the server does not have: what is made with them it cannot read.
        kdc.keytab("other.keytab", "imap/localhost", "pop/localhost");
        story(kdc, node, "--wrong-ticket", kdc.ticket("alice", "ticket").toString());
      }
    }
  }

  private static void story(Kdc kdc, ServerUnderTest node, String... more) throws Exception {
    Program.run("auth_story.py", node.ports(), kdc.environment(), more);
  }

  /** Makes the key of an issuer: the file with its private half; the public one in jwks.json. */
  private static Path keys(Path folder) throws Exception {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair keys = generator.generateKeyPair();
    var key = (RSAPublicKey) keys.getPublic();
    var base64 = Base64.getUrlEncoder().withoutPadding();
    Files.writeString(
        folder.resolve("jwks.json"),
        "{\"keys\":[{\"kty\":\"RSA\",\"use\":\"sig\",\"kid\":\"one\",\"n\":\"%s\",\"e\":\"%s\"}]}"
            .formatted(
                base64.encodeToString(key.getModulus().toByteArray()),
                base64.encodeToString(key.getPublicExponent().toByteArray())));
    return pem(folder.resolve("key.pem"), keys);
  }

  private static Path pem(Path file, KeyPair keys) throws IOException {
    var lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    var text = lines.encodeToString(keys.getPrivate().getEncoded());
    return Files.writeString(
        file, "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n");
  }
}
