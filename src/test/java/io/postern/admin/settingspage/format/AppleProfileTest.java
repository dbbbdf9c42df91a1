package io.postern.admin.settingspage.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.admin.settingspage.format.ClientSettings.Protocol;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Element;

class AppleProfileTest {
  private static final MailAddress ALICE = MailAddress.parse(Published.ALICE).orElseThrow();

  private static String profile(Protocol protocol) {
    return AppleProfile.of(Published.alice(Published.all()), ALICE, protocol).orElseThrow();
  }

  /** A property list is keys and values in turn; iOS refuses empty ones. */
  private static Map<String, Element> values(Element dictionary) {
    var children = Xml.children(dictionary);
    var values = new HashMap<String, Element>();
    for (int i = 0; i < children.size(); i += 2) {
      assertThat(children.get(i).getTagName()).isEqualTo("key");
      var value = children.get(i + 1);
      assertThat(value.getTagName()).isIn("string", "integer", "true", "array", "dict");
      if (value.getTagName().equals("string")) {
        assertThat(value.getTextContent()).isNotBlank();
      }
      values.put(children.get(i).getTextContent(), value);
    }
    return values;
  }

  private static Map<String, Element> top(String profile) throws Exception {
    var root = Xml.parse(profile).getDocumentElement();
    assertThat(root.getTagName()).isEqualTo("plist");
    return values(Xml.children(root).getFirst());
  }

  private static Map<String, Element> account(Map<String, Element> top) {
    return values(Xml.children(value(top, "PayloadContent")).getFirst());
  }

  private static String text(Map<String, Element> values, String key) {
    return value(values, key).getTagName() + " " + value(values, key).getTextContent();
  }

  private static Element value(Map<String, Element> values, String key) {
    return Objects.requireNonNull(values.get(key), key);
  }

  @ParameterizedTest
  @CsvSource({
    "IMAP, EmailTypeIMAP, imap.example.com, 993",
    "POP3, EmailTypePOP, pop.example.com, 995"
  })
  void itHoldsOneAccount(Protocol protocol, String type, String host, String port)
      throws Exception {
    var top = top(profile(protocol));
    assertThat(text(top, "PayloadType")).isEqualTo("string Configuration");
    assertThat(text(top, "PayloadVersion")).isEqualTo("integer 1");
    var account = account(top);
    assertThat(text(account, "PayloadType")).isEqualTo("string com.apple.mail.managed");
    assertThat(text(account, "EmailAccountType")).isEqualTo("string " + type);
    assertThat(text(account, "EmailAddress")).isEqualTo("string alice@example.com");
    assertThat(text(account, "IncomingMailServerHostName")).isEqualTo("string " + host);
    assertThat(text(account, "IncomingMailServerPortNumber")).isEqualTo("integer " + port);
    assertThat(text(account, "IncomingMailServerUseSSL")).startsWith("true");
    assertThat(text(account, "OutgoingMailServerHostName")).isEqualTo("string smtp.example.com");
    assertThat(text(account, "OutgoingMailServerPortNumber")).isEqualTo("integer 465");
    assertThat(account.keySet()).noneMatch(key -> key.endsWith("MailServerPassword"));
  }

  @Test
  void itsIdentifiersAreThoseOfTheAccount() throws Exception {
    assertThat(profile(Protocol.IMAP)).isEqualTo(profile(Protocol.IMAP));
    var imap = top(profile(Protocol.IMAP));
    var uuid = UUID.fromString(value(imap, "PayloadUUID").getTextContent());
    assertThat(uuid.version()).isEqualTo(5);
    assertThat(uuid.variant()).isEqualTo(2);
    assertThat(text(imap, "PayloadIdentifier")).contains(uuid.toString());
    assertThat(text(account(imap), "PayloadUUID")).doesNotContain(uuid.toString());
    assertThat(text(top(profile(Protocol.POP3)), "PayloadUUID")).doesNotContain(uuid.toString());
    var bob = MailAddress.parse("bob@example.com").orElseThrow();
    var his = AppleProfile.of(Published.of("bob@example.com", Published.all()), bob, Protocol.IMAP);
    assertThat(his.orElseThrow()).doesNotContain(uuid.toString());
  }

  @Test
  void thereIsNoneWithoutBothDirections() {
    var read = Published.alice("mail.imap.enabled=true", Published.IMAP);
    assertThat(AppleProfile.of(read, ALICE, Protocol.IMAP)).isEmpty();
    assertThat(AppleProfile.of(Published.alice(Published.SMTP), ALICE, Protocol.IMAP)).isEmpty();
  }

  private static X509Certificate certificate(KeyPair keys, String algorithm) throws Exception {
    var name = new X500Name("CN=mail.example.com");
    var built =
        new JcaX509v3CertificateBuilder(
                name,
                BigInteger.ONE,
                Date.from(Instant.now().minusSeconds(60)),
                Date.from(Instant.now().plusSeconds(600)),
                name,
                keys.getPublic())
            .build(new JcaContentSignerBuilder(algorithm).build(keys.getPrivate()));
    return new JcaX509CertificateConverter().getCertificate(built);
  }

  @ParameterizedTest
  @CsvSource({"EC, 256, SHA256withECDSA", "RSA, 2048, SHA256withRSA"})
  void itsSignatureVerifies(String type, int size, String algorithm) throws Exception {
    var generator = KeyPairGenerator.getInstance(type);
    generator.initialize(size);
    var keys = generator.generateKeyPair();
    var certificate = certificate(keys, algorithm);
    var octets = profile(Protocol.IMAP).getBytes(StandardCharsets.UTF_8);
    var signer = ProfileSigner.of(keys.getPrivate(), List.of(certificate)).orElseThrow();
    var signed = new CMSSignedData(signer.sign(octets));
    assertThat(signed.getSignedContent().getContent()).isEqualTo(octets);
    var info = signed.getSignerInfos().iterator().next();
    assertThat(
            info.verify(new JcaSimpleSignerInfoVerifierBuilder().build(certificate.getPublicKey())))
        .isTrue();
    assertThat(signed.getCertificates().getMatches(null))
        .containsExactly(new X509CertificateHolder(certificate.getEncoded()));
  }

  @Test
  void anotherKindOfKeySignsNothing() throws Exception {
    var keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    assertThat(ProfileSigner.of(keys.getPrivate(), List.of(certificate(keys, "Ed25519"))))
        .isEqualTo(Optional.empty());
    assertThat(ProfileSigner.of(keys.getPrivate(), List.of())).isEmpty();
  }
}
