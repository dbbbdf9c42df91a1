package io.postern.imap.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.MailboxName;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** URLs of messages (RFC 2192, RFC 5092) as CATENATE has them. */
class MessageUrlTest {
  private static MessageUrl parsed(String url) {
    return MessageUrl.parse(url).orElseThrow();
  }

  @Test
  void readsTheExamplesOfTheRfc() {
    var url = parsed("/Drafts;UIDVALIDITY=385759045/;UID=20/;section=HEADER");
    assertThat(url.mailbox()).contains(new MailboxName("Drafts"));
    assertThat(url.uidValidity()).isEqualTo(OptionalLong.of(385_759_045));
    assertThat(url.uid()).isEqualTo(20);
    assertThat(url.item().label()).hasToString("BODY[HEADER]");
    assertThat(parsed("/Drafts/;UID=3002").item().label()).hasToString("BODY[]");
  }

  @Test
  void readsEncodedNamesAndHierarchies() {
    assertThat(parsed("/Entw%C3%BCrfe/a%20b/;uid=1").mailbox())
        .contains(new MailboxName("Entw\u00fcrfe/a b"));
    assertThat(parsed("/Entw\u00fcrfe/;UID=1").mailbox())
        .contains(new MailboxName("Entw\u00fcrfe"));
    assertThat(parsed("/inbox/;UID=1").mailbox()).contains(MailboxName.INBOX);
  }

  @Test
  void readsSectionsAndRanges() {
    assertThat(parsed("/a/;UID=1/;SECTION=1.2.MIME").item().label()).hasToString("BODY[1.2.MIME]");
    assertThat(parsed("/a/;UID=1/;SECTION=2/;PARTIAL=5.10").item().label())
        .hasToString("BODY[2]<5>");
    assertThat(parsed("/a/;UID=1/;PARTIAL=0.1").item().label()).hasToString("BODY[]<0>");
    assertThat(parsed("/a/;UID=1/;SECTION=HEADER.FIELDS%20(To)").item().label())
        .hasToString("BODY[HEADER.FIELDS (To)]");
  }

  @Test
  void withoutAMailboxTheSelectedOneIsMeant() {
    assertThat(parsed(";UID=1").mailbox()).isEqualTo(Optional.empty());
    assertThat(parsed("/;UID=4294967295").uid()).isEqualTo(4_294_967_295L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/a",
        "/a/",
        "a/;UID=1",
        "//a/;UID=1",
        "/a;UID=1",
        "imap://host/a/;UID=1",
        "/a/;UID=",
        "/a/;UID=0",
        "/a/;UID=4294967296",
        "/a/;UID=1x",
        "/a/;UID=1/",
        "/a/;UID=1/;SECTION=",
        "/a/;UID=1/;SECTION=x",
        "/a/;UID=1/;SECTION=1]",
        "/a/;UID=1/;SECTION=%00",
        "/a/;UID=1/;PARTIAL=1",
        "/a/;UID=1/;PARTIAL=1.0",
        "/a/;UID=1/;PARTIAL=1.1/;SECTION=1",
        "/a;UIDVALIDITY=x/;UID=1",
        "/a;UIDVALIDITY=/;UID=1",
        "/%FF/;UID=1",
        "/%4/;UID=1",
        "/%/;UID=1",
        "/%2A/;UID=1"
      })
  void refusesWhatIsNoSuchUrl(String url) {
    assertThat(MessageUrl.parse(url)).isEmpty();
  }
}
