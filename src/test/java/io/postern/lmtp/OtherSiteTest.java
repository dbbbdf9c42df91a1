package io.postern.lmtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.site.MailDelivery.Verdict;
import io.postern.store.Blobs;
import org.junit.jupiter.api.Test;

/** Mail for mailboxes of another site is passed on to it, and its reply is that of the home. */
class OtherSiteTest {
  private static final String ALICE = "alice@example.test";
  private static final String TEXT = "Subject: hello\r\n\r\n.text\r\n";

  private final Peer peer = new Peer("mail.lmtp.return-path=false").with(ALICE);

  private void envelope(String... recipients) {
    peer.ready();
    peer.say("MAIL FROM:<sender@example.test>");
    for (var recipient : recipients) {
      assertThat(peer.say("RCPT TO:<" + recipient + ">")).containsExactly("250 2.1.5 Recipient OK");
    }
  }

  @Test
  void mailForAnotherSiteIsPassedOnToIt() {
    peer.elsewhere.put("carol@example.test", Verdict.DELIVERED);
    peer.elsewhere.put("dave@example.test", Verdict.OVER_QUOTA);
    peer.elsewhere.put("erin@example.test", Verdict.LATER);
    envelope("carol@example.test", ALICE, "dave@example.test", "erin@example.test");
    assertThat(peer.data(TEXT))
        .containsExactly(
            "354 End data with <CR><LF>.<CR><LF>",
            "250 2.1.5 Delivered",
            "250 2.1.5 Delivered",
            "452 4.2.2 The mailbox is full",
            "451 4.3.2 Try again later");
    assertThat(peer.inbox(ALICE)).hasSize(1);
    assertThat(peer.passedOn)
        .containsExactlyInAnyOrder(
            "west carol@example.test " + TEXT,
            "west dave@example.test " + TEXT,
            "west erin@example.test " + TEXT);
  }

  @Test
  void aLargeMessageForAnotherSiteIsPassedOnWhole() {
    peer.elsewhere.put("carol@example.test", Verdict.DELIVERED);
    envelope("carol@example.test");
    var large = "Subject: large\r\n\r\n" + "0123456789abcde\n".repeat(3 * Blobs.CHUNK / 16);
    assertThat(peer.data(large)).endsWith("250 2.1.5 Delivered");
    assertThat(peer.passedOn.getFirst()).endsWith(large);
  }
}
