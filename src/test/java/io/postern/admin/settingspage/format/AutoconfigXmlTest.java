package io.postern.admin.settingspage.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** The rules of the parsers of Thunderbird and of K-9 Mail, and what they are given. */
class AutoconfigXmlTest {
  private static Document read(ClientSettings settings) throws Exception {
    var document = Xml.parse(AutoconfigXml.of(settings).orElseThrow());
    accept(document);
    return document;
  }

  /** K-9 Mail refuses the whole file unless all of this is so; Thunderbird needs less. */
  private static void accept(Document document) {
    var root = document.getDocumentElement();
    assertThat(root.getTagName()).isEqualTo("clientConfig");
    assertThat(root.getAttribute("version")).isEqualTo("1.1");
    var provider = Xml.children(root).getFirst();
    assertThat(provider.getTagName()).isEqualTo("emailProvider");
    assertThat(provider.getAttribute("id")).matches("[a-z0-9.-]+");
    assertThat(Xml.texts(provider, "domain")).isNotEmpty();
    assertThat(Xml.texts(provider, "displayName")).hasSize(1);
    assertThat(servers(document, "incomingServer")).isNotEmpty();
    assertThat(servers(document, "outgoingServer")).isNotEmpty();
    Stream.of("incomingServer", "outgoingServer")
        .flatMap(name -> servers(document, name).stream())
        .forEach(
            server -> {
              assertThat(server.getAttribute("type")).isIn("imap", "pop3", "smtp");
              assertThat(Xml.text(server, "hostname")).matches("[a-z0-9.-]+");
              assertThat(Integer.parseInt(Xml.text(server, "port"))).isBetween(1, 65_535);
              assertThat(Xml.texts(server, "socketType")).hasSize(1);
              assertThat(Xml.text(server, "socketType")).isIn("SSL", "STARTTLS");
              assertThat(Xml.texts(server, "authentication"))
                  .isNotEmpty()
                  .isSubsetOf("OAuth2", "password-cleartext");
              assertThat(Xml.text(server, "username")).isNotBlank();
            });
  }

  private static List<Element> servers(Document document, String name) {
    return Xml.all(document, name);
  }

  private static List<String> summary(Document document) {
    return Stream.of("incomingServer", "outgoingServer")
        .flatMap(name -> servers(document, name).stream())
        .map(
            it ->
                String.join(
                    " ",
                    it.getAttribute("type"),
                    Xml.text(it, "hostname"),
                    Xml.text(it, "port"),
                    Xml.text(it, "socketType"),
                    String.join("+", Xml.texts(it, "authentication")),
                    Xml.text(it, "username")))
        .toList();
  }

  @Test
  void serversAreNamedWithTheRecommendedOneFirst() throws Exception {
    assertThat(summary(read(Published.alice(Published.all()))))
        .containsExactly(
            "imap imap.example.com 993 SSL password-cleartext alice@example.com",
            "imap imap.example.com 143 STARTTLS password-cleartext alice@example.com",
            "pop3 pop.example.com 995 SSL password-cleartext alice@example.com",
            "pop3 pop.example.com 110 STARTTLS password-cleartext alice@example.com",
            "smtp smtp.example.com 465 SSL password-cleartext alice@example.com",
            "smtp smtp.example.com 587 STARTTLS password-cleartext alice@example.com");
  }

  @Test
  void withoutAnAddressTheProgramInsertsItsOwn() throws Exception {
    assertThat(summary(read(Published.domain(Published.all()))))
        .allMatch(it -> it.endsWith(" %EMAILADDRESS%"));
  }

  @Test
  void tokensComeBeforePasswordsWhereTheyAreAccepted() throws Exception {
    assertThat(summary(read(Published.alice(Published.all(Published.OAUTH)))))
        .allMatch(it -> it.contains(" OAuth2+password-cleartext "));
  }

  @Test
  void clearTextIsNeverNamed() throws Exception {
    var clear =
        Published.all(
            "mail.imap.external-connection-settings=imap.example.com:143,imap.example.com:993:SSL");
    assertThat(summary(read(Published.alice(clear)))).noneMatch(it -> it.contains(" 143 "));
  }

  @Test
  void aServiceThatIsOffIsLeftOut() throws Exception {
    assertThat(summary(read(Published.alice(Published.all("mail.pop3.enabled=false")))))
        .hasSize(4)
        .noneMatch(it -> it.startsWith("pop3"));
  }

  @Test
  void thereIsNoFileWithoutBothDirections() {
    assertThat(AutoconfigXml.of(Published.alice(Published.SMTP))).isEmpty();
    assertThat(AutoconfigXml.of(Published.alice("mail.imap.enabled=true", Published.IMAP)))
        .isEmpty();
    assertThat(AutoconfigXml.of(Published.alice())).isEmpty();
  }

  @Test
  void whatIsInsertedIsEscaped() throws Exception {
    var odd = Published.of("a&'b@example.com", Published.all());
    assertThat(AutoconfigXml.of(odd).orElseThrow()).contains("a&amp;&#39;b@example.com");
    assertThat(summary(read(odd))).allMatch(it -> it.endsWith(" a&'b@example.com"));
  }

  @Test
  void mailStaysOnTheServerWithPop3() throws Exception {
    assertThat(Xml.all(read(Published.alice(Published.all())), "leaveMessagesOnServer"))
        .hasSize(2)
        .allMatch(it -> it.getTextContent().equals("true"));
  }
}
