package io.postern.admin.settingspage.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.admin.settingspage.format.Autodiscover.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;

/** Outlook's schema [MS-OXDSCLI] §2.2, and what Outlook sends. */
class AutodiscoverTest {
  private static final Instant NOW = Instant.parse("2026-11-30T08:09:10Z");
  private static final MailAddress ALICE = MailAddress.parse(Published.ALICE).orElseThrow();

  private static AutodiscoverRequest parse(String body) {
    return AutodiscoverRequest.parse(body.getBytes(StandardCharsets.UTF_8));
  }

  static String request(String address, String schema) {
    return """
    <?xml version="1.0" encoding="utf-8"?>
    <Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
      <Request>
        <EMailAddress>%s</EMailAddress>
        <AcceptableResponseSchema>%s</AcceptableResponseSchema>
      </Request>
    </Autodiscover>
    """
        .formatted(address, schema);
  }

  @Test
  void aRequestIsRead() {
    var request = parse(request(" alice@example.com\n", Autodiscover.RESPONSE));
    assertThat(request.address()).contains(Published.ALICE);
    assertThat(request.readsMailSettings()).isTrue();
    assertThat(parse(request("", "")))
        .isEqualTo(new AutodiscoverRequest(Optional.empty(), Optional.empty()));
    assertThat(
            parse(
                    request(
                        "a@b",
                        "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006"))
                .readsMailSettings())
        .isFalse();
  }

  static List<String> hostile() {
    var entities =
        """
        <!DOCTYPE Autodiscover [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">
        <!ENTITY c "&b;&b;&b;&b;&b;&b;">]><Autodiscover><EMailAddress>&c;</EMailAddress></Autodiscover>
        """;
    var file =
        "<!DOCTYPE Autodiscover [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
            + "<Autodiscover><EMailAddress>&x;</EMailAddress></Autodiscover>";
    var outside = "<!DOCTYPE Autodiscover SYSTEM \"http://127.0.0.1:1/x.dtd\"><Autodiscover/>";
    return List.of(
        entities,
        file,
        outside,
        "",
        "no xml",
        "<Autodiscover>",
        "<Autodiscover>&undefined;</Autodiscover>",
        "<other/>",
        "<Autodiscover>\u0000</Autodiscover>",
        "<Autodiscover>" + "<a>".repeat(30_000),
        "<Autodiscover " + "a='" + "x".repeat(60_000));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void aHostileRequestIsRefused(String body) {
    assertThatThrownBy(() -> parse(body))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("The request ");
  }

  private static Stream<String> protocol(Element protocol) {
    return Xml.children(protocol).stream().map(it -> it.getLocalName() + "=" + it.getTextContent());
  }

  @Test
  void theResponseNamesServersThatBeginWithTls() throws Exception {
    var document = Xml.parse(Autodiscover.response(Published.alice(Published.all()), ALICE, NOW));
    var root = document.getDocumentElement();
    assertThat(root.getNamespaceURI())
        .isEqualTo("http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006");
    var response = Xml.children(root).getFirst();
    assertThat(response.getNamespaceURI()).isEqualTo(Autodiscover.RESPONSE);
    var account = Xml.all(document, "Account").getFirst();
    assertThat(Xml.text(account, "AccountType")).isEqualTo("email");
    assertThat(Xml.text(account, "Action")).isEqualTo("settings");
    var protocols = Xml.all(document, "Protocol");
    assertThat(protocols).hasSize(3);
    assertThat(protocol(protocols.getFirst()))
        .containsExactly(
            "Type=IMAP",
            "Server=imap.example.com",
            "Port=993",
            "DomainRequired=off",
            "LoginName=alice@example.com",
            "SPA=off",
            "SSL=on",
            "AuthRequired=on");
    assertThat(protocol(protocols.getLast()))
        .startsWith("Type=SMTP", "Server=smtp.example.com", "Port=465")
        .endsWith("UsePOPAuth=on", "SMTPLast=off");
  }

  @Test
  void aProblemIsInTheFormThatOutlookReads() throws Exception {
    var error =
        Xml.all(Xml.parse(Autodiscover.problem(Problem.INVALID_REQUEST, NOW)), "Error").getFirst();
    assertThat(error.getAttribute("Time")).isEqualTo("08:09:10.0000000");
    assertThat(Xml.text(error, "ErrorCode")).isEqualTo("600");
    assertThat(Xml.text(error, "Message")).isEqualTo("Invalid Request");
    assertThat(Autodiscover.response(Published.alice(), ALICE, NOW))
        .contains("<ErrorCode>500</ErrorCode>");
  }
}
