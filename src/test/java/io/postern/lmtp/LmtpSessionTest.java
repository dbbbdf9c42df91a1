package io.postern.lmtp;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.store.Blobs;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.wire.Certificates;
import io.postern.wire.CloseReason;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.lang.reflect.Proxy;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LmtpSessionTest {
  private static final String ALICE = "alice@example.test";
  private static final String BOB = "bob@example.test";
  private static final String AS_IT_CAME = "mail.lmtp.return-path=false";
  private static final String TEXT = "Subject: hello\r\n\r\n.text\r\n";

  private final Peer peer = new Peer(AS_IT_CAME).with(ALICE).with(BOB);

  @Test
  void greetsAndListsItsCapabilities() {
    assertThat(peer.greeting()).containsExactly("220 mail.example.test LMTP Postern is ready");
    assertThat(peer.say("LHLO client.example.test"))
        .containsExactly(
            "250-mail.example.test",
            "250-PIPELINING",
            "250-ENHANCEDSTATUSCODES",
            "250-8BITMIME",
            "250-SMTPUTF8",
            "250 SIZE 36700160");
    assertThat(peer.connection.silence).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void aMessageIsStoredOctetForOctet() {
    envelope(ALICE);
    assertThat(peer.data(TEXT))
        .containsExactly("354 End data with <CR><LF>.<CR><LF>", "250 2.1.5 Delivered");
    assertThat(peer.inbox(ALICE)).containsExactly(TEXT);
  }

  @Test
  void everyRecipientGetsAnAnswerAndTheMessage() {
    envelope(ALICE, BOB);
    assertThat(peer.data(TEXT))
        .containsExactly(
            "354 End data with <CR><LF>.<CR><LF>", "250 2.1.5 Delivered", "250 2.1.5 Delivered");
    assertThat(peer.inbox(ALICE)).containsExactly(TEXT);
    assertThat(peer.inbox(BOB)).containsExactly(TEXT);
  }

  @Test
  void theOutcomeOfEachCommandIsReported() {
    peer.faults.put(
        peer.id(BOB),
        new StoreException(new StoreFailure.OverQuota(Optional.of(100L), Optional.empty())));
    envelope(ALICE, BOB);
    peer.data(TEXT);
    peer.say("RCPT TO:<nobody@example.test>");
    peer.say("FETCH 1 secret");
    assertThat(peer.connection.ended)
        .containsExactly(
            "LHLO ok", "MAIL ok", "RCPT ok", "RCPT ok", "DATA later", "RCPT refused", "? refused");
  }

  @Test
  void oneRecipientsFailureDoesNotAffectOthers() {
    peer.faults.put(
        peer.id(ALICE),
        new StoreException(new StoreFailure.OverQuota(Optional.of(100L), Optional.empty())));
    envelope(ALICE, BOB);
    assertThat(peer.data(TEXT))
        .containsExactly(
            "354 End data with <CR><LF>.<CR><LF>",
            "452 4.2.2 The mailbox is full",
            "250 2.1.5 Delivered");
    assertThat(peer.inbox(ALICE)).isEmpty();
    assertThat(peer.inbox(BOB)).hasSize(1);
  }

  @Test
  void aStoreThatDoesNotAnswerMeansTryLater() {
    peer.faults.put(peer.id(ALICE), new StoreException(new StoreFailure.Unavailable("test")));
    peer.faults.put(peer.id(BOB), new IllegalStateException("test"));
    envelope(ALICE, BOB);
    assertThat(peer.data(TEXT))
        .containsExactly(
            "354 End data with <CR><LF>.<CR><LF>",
            "451 4.3.2 Try again later",
            "451 4.3.0 Try again later");
    assertThat(peer.say("NOOP")).containsExactly("250 2.0.0 OK");
  }

  @Test
  void bytesThatCouldNotBeTakenInMeanTryLaterForAll() {
    peer.blobFault = Optional.of(new StoreException(new StoreFailure.Unavailable("test")));
    envelope(ALICE, BOB);
    assertThat(peer.data("x".repeat(Blobs.CHUNK - 1)))
        .containsExactly(
            "354 End data with <CR><LF>.<CR><LF>",
            "451 4.3.2 Try again later",
            "451 4.3.2 Try again later");
  }

  @Test
  void aLargeMessageIsStoredOnceForAll() {
    envelope(ALICE, BOB);
    var large = "Subject: large\r\n\r\n" + "0123456789abcde\n".repeat(3 * Blobs.CHUNK / 16);
    assertThat(peer.data(large)).endsWith("250 2.1.5 Delivered", "250 2.1.5 Delivered");
    assertThat(peer.inbox(ALICE)).containsExactly(large);
    assertThat(peer.inbox(BOB)).containsExactly(large);
  }

  @Test
  void whatWasTakenInOfATooLargeMessageIsDropped() {
    var small = new Peer(AS_IT_CAME, "mail.max-receive-size=256K").with(ALICE).ready();
    small.say("MAIL FROM:<>");
    small.say("RCPT TO:<" + ALICE + ">");
    small.data("x".repeat(256 * 1024 + 1));
    assertThat(small.dropped).isEqualTo(1);
    assertThat(small.inbox(ALICE)).isEmpty();
  }

  @Test
  void anEmptyMessageIsOneToo() {
    envelope(ALICE, BOB);
    assertThat(peer.data("")).endsWith("250 2.1.5 Delivered", "250 2.1.5 Delivered");
    assertThat(peer.inbox(BOB)).containsExactly("");
  }

  @Test
  void anAccountNamedTwiceGetsTheMessageOnceAndTwoAnswers() {
    envelope("Alice+one@example.test", "alice@EXAMPLE.test");
    assertThat(peer.data(TEXT)).hasSize(3).endsWith("250 2.1.5 Delivered", "250 2.1.5 Delivered");
    assertThat(peer.inbox(ALICE)).hasSize(1);
  }

  @Test
  void unknownAndDisabledRecipientsAreRefusedAndCostNoError() {
    peer.disable(BOB);
    peer.ready();
    peer.say("MAIL FROM:<>");
    for (int i = 0; i < 2 * LmtpSession.MAX_ERRORS; i++) {
      assertThat(peer.say("RCPT TO:<nobody@example.test>"))
          .containsExactly("550 5.1.1 No such user here");
    }
    assertThat(peer.say("RCPT TO:<" + BOB + ">"))
        .containsExactly("550 5.2.1 The mailbox is disabled");
    assertThat(peer.say("DATA")).containsExactly("503 5.5.1 No valid recipients");
  }

  @Test
  void aMessageMayBeAsLargeAsAllowedAndNoLarger() {
    var small = new Peer(AS_IT_CAME, "mail.max-receive-size=1K").with(ALICE).ready();
    var most = "x".repeat(1024);
    small.say("MAIL FROM:<> SIZE=1024");
    small.say("RCPT TO:<" + ALICE + ">");
    assertThat(small.data(most)).endsWith("250 2.1.5 Delivered");
    small.say("MAIL FROM:<>");
    small.say("RCPT TO:<" + ALICE + ">");
    small.say("RCPT TO:<" + ALICE + ">");
    assertThat(small.data(most + "x"))
        .endsWith(
            "552 5.3.4 A message has at most 1024 octets",
            "552 5.3.4 A message has at most 1024 octets");
    assertThat(small.inbox(ALICE)).containsExactly(most);
    assertThat(small.say("MAIL FROM:<> SIZE=1025"))
        .containsExactly("552 5.3.4 A message has at most 1024 octets");
    assertThat(small.say("MAIL FROM:<> SIZE=99999999999999999999"))
        .containsExactly("552 5.3.4 A message has at most 1024 octets");
  }

  @Test
  void recipientsMayBeAsManyAsAllowedAndNoMore() {
    var few = new Peer("mail.lmtp.max-recipients=2").with(ALICE).with(BOB).ready();
    few.say("MAIL FROM:<>");
    assertThat(few.say("RCPT TO:<" + ALICE + ">")).containsExactly("250 2.1.5 Recipient OK");
    assertThat(few.say("RCPT TO:<" + BOB + ">")).containsExactly("250 2.1.5 Recipient OK");
    assertThat(few.say("RCPT TO:<" + ALICE + ">")).containsExactly("452 4.5.3 Too many recipients");
    assertThat(few.data(TEXT)).hasSize(3);
  }

  @ParameterizedTest
  @CsvSource({"::1,true", "127.0.0.2,true", "192.0.2.1,false", "::ffff:127.0.0.1,true"})
  void onlyTrustedNetworksAreListenedTo(String address, boolean trusted) {
    peer.connection.address = address;
    assertThat(peer.greeting().getFirst()).startsWith(trusted ? "220 " : "554 5.7.1 ");
    assertThat(peer.connection.closed)
        .isEqualTo(trusted ? Optional.empty() : Optional.of(CloseReason.LOGOUT));
  }

  @Test
  void commandsHaveTheirOrder() {
    peer.greeting();
    assertThat(peer.say("MAIL FROM:<>")).containsExactly("503 5.5.1 Send LHLO first");
    assertThat(peer.say("RCPT TO:<a@b>")).containsExactly("503 5.5.1 Send LHLO first");
    assertThat(peer.say("DATA")).containsExactly("503 5.5.1 Send LHLO first");
    assertThat(peer.say("RSET")).containsExactly("250 2.0.0 OK");
    assertThat(peer.say("MAIL FROM:<>")).containsExactly("503 5.5.1 Send LHLO first");
    peer.say("LHLO client.example.test");
    assertThat(peer.say("RCPT TO:<a@b>")).containsExactly("503 5.5.1 Send MAIL first");
    assertThat(peer.say("DATA")).containsExactly("503 5.5.1 Send MAIL first");
    assertThat(peer.say("MAIL FROM:<>")).containsExactly("250 2.1.0 Sender OK");
    assertThat(peer.say("MAIL FROM:<>"))
        .containsExactly("503 5.5.1 A mail transaction is already open");
    assertThat(peer.say("RSET")).containsExactly("250 2.0.0 OK");
    assertThat(peer.say("RCPT TO:<a@b>")).containsExactly("503 5.5.1 Send MAIL first");
  }

  @Test
  void lhloResetsTheTransaction() {
    envelope(ALICE);
    peer.say("LHLO client.example.test");
    assertThat(peer.say("DATA")).containsExactly("503 5.5.1 Send MAIL first");
  }

  @Test
  void manyMessagesGoInOneSession() {
    envelope(ALICE);
    peer.data(TEXT);
    peer.say("MAIL FROM:<bob@example.test>");
    peer.say("RCPT TO:<" + ALICE + ">");
    peer.data("Subject: two\r\n\r\n");
    assertThat(peer.inbox(ALICE)).containsExactly(TEXT, "Subject: two\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HELO x", "EHLO x", "ehlo x"})
  void smtpCommandsAreRefused(String line) {
    peer.greeting();
    assertThat(peer.say(line)).containsExactly("500 5.5.1 This is LMTP: use LHLO");
  }

  @ParameterizedTest
  @CsvSource({
    "LHLO,501 5.5.4",
    "MAIL,501 5.5.4",
    "MAIL FROM:alice@example.test,501 5.5.4",
    "MAIL TO:<alice@example.test>,501 5.5.4",
    "MAIL FROM:<> SIZE=,501 5.5.4",
    "MAIL FROM:<> SIZE=-1,501 5.5.4",
    "MAIL FROM:<> SIZE=1 SIZE=1,501 5.5.4",
    "MAIL FROM:<> SIZE=123456789012345678901,501 5.5.4",
    "MAIL FROM:<> BODY=9BIT,501 5.5.4",
    "MAIL FROM:<> SMTPUTF8=1,501 5.5.4",
    "MAIL FROM:<> RET=FULL,555 5.5.4",
    "MAIL FROM:<> SIZE=1 BODY=8BITMIME SMTPUTF8,250 2.1.0",
    "mail from: <alice@example.test> body=7bit,250 2.1.0",
    "RCPT TO:<>,501 5.5.4",
    "RCPT TO:<alice@example.test> NOTIFY=NEVER,555 5.5.4",
    "DATA now,501 5.5.4",
    "QUIT now,501 5.5.4",
    "NOOP whatever,250 2.0.0",
    "VRFY,501 5.5.4",
    "VRFY alice,252 2.0.0",
    "HELP,214 2.0.0",
    "STARTTLS,502 5.5.1",
    "EXPN list,500 5.5.1",
    "'',500 5.5.1",
  })
  void aLineGetsItsAnswer(String line, String answer) {
    peer.ready();
    assertThat(peer.say(line)).singleElement().asString().startsWith(answer + " ");
  }

  @Test
  void internationalAddressesWantTheirParameter() {
    var jorg = new Peer().with("jörg@bücher.test").ready();
    assertThat(jorg.say("MAIL FROM:<jörg@bücher.test>").getFirst()).startsWith("553 5.6.7");
    jorg.say("MAIL FROM:<>");
    assertThat(jorg.say("RCPT TO:<jörg@bücher.test>").getFirst()).startsWith("553 5.6.7");
    jorg.say("RSET");
    jorg.say("MAIL FROM:<jörg@bücher.test> SMTPUTF8");
    assertThat(jorg.say("RCPT TO:<JÖRG+x@BÜCHER.test>").getFirst()).startsWith("250 2.1.5");
    jorg.data(TEXT);
    assertThat(jorg.inbox("jörg@bücher.test")).hasSize(1);
  }

  @Test
  void aLineThatIsNotUtf8IsRefused() {
    peer.ready();
    assertThat(peer.say(Buffer.buffer("NOOP ").appendByte((byte) 0xe4)).getFirst())
        .startsWith("500 5.5.2");
  }

  @Test
  void startTlsResetsTheSession() {
    peer.connection.tlsPossible = true;
    peer.greeting();
    assertThat(peer.say("LHLO client.example.test")).endsWith("250 STARTTLS");
    assertThat(peer.say("STARTTLS")).containsExactly("220 2.0.0 Ready to start TLS");
    assertThat(peer.say("MAIL FROM:<>")).containsExactly("503 5.5.1 Send LHLO first");
    assertThat(peer.say("LHLO client.example.test")).endsWith("250 SIZE 36700160");
    assertThat(peer.say("STARTTLS")).containsExactly("503 5.5.1 TLS is already active");
  }

  @Test
  void tlsCanBeRequiredBeforeMail() {
    var strict = new Peer("mail.lmtp.require-tls=true").with(ALICE).ready();
    assertThat(strict.say("MAIL FROM:<>")).containsExactly("530 5.7.0 Send STARTTLS first");
    startTls(strict);
    assertThat(strict.say("MAIL FROM:<>")).containsExactly("250 2.1.0 Sender OK");
  }

  private static void startTls(Peer strict) {
    strict.connection.tlsPossible = true;
    strict.say("STARTTLS");
    strict.say("LHLO client.example.test");
  }

  @Test
  void aCertificateCanBeRequiredBeforeMail() throws Exception {
    var strict = new Peer("mail.lmtp.require-client-certificate=true").with(ALICE).ready();
    assertThat(strict.say("MAIL FROM:<>")).containsExactly("530 5.7.0 Send STARTTLS first");
    startTls(strict);
    strict.connection.tls = Optional.of(shown());
    var refused = "451 4.7.0 Connect again and present a client certificate";
    assertThat(strict.say("MAIL FROM:<>")).containsExactly(refused);
    var pem = new ByteArrayInputStream(Certificates.made("peer").certificate().getBytes());
    var certificate = CertificateFactory.getInstance("X.509").generateCertificate(pem);
    strict.connection.tls = Optional.of(shown(certificate));
    assertThat(strict.say("MAIL FROM:<>")).containsExactly("250 2.1.0 Sender OK");
  }

  /** A session of TLS in which the peer showed these. */
  private static SSLSession shown(Certificate... certificates) {
    return (SSLSession)
        Proxy.newProxyInstance(
            LmtpSessionTest.class.getClassLoader(),
            new Class<?>[] {SSLSession.class},
            (_, _, _) -> {
              if (certificates.length == 0) {
                throw new SSLPeerUnverifiedException("none");
              }
              return certificates;
            });
  }

  @Test
  void tooManyErrorsEndIt() {
    peer.greeting();
    for (int i = 1; i < LmtpSession.MAX_ERRORS; i++) {
      assertThat(peer.say("BLAH").getFirst()).startsWith("500 ");
      assertThat(peer.connection.closed).isEmpty();
    }
    assertThat(peer.tooLong().getFirst()).startsWith("500 5.5.2");
    assertThat(peer.connection.closed).hasValue(CloseReason.ERRORS);
    assertThat(peer.session().farewell(CloseReason.ERRORS).toString()).startsWith("421 4.7.0 ");
    assertThat(peer.say("NOOP")).isEmpty();
  }

  @Test
  void quitEndsIt() {
    peer.greeting();
    assertThat(peer.say("QUIT")).containsExactly("221 2.0.0 Bye");
    assertThat(peer.connection.closed).hasValue(CloseReason.LOGOUT);
    assertThat(peer.session().farewell(CloseReason.LOGOUT).length()).isZero();
  }

  private void envelope(String... recipients) {
    peer.ready();
    peer.say("MAIL FROM:<sender@example.test>");
    for (var recipient : recipients) {
      assertThat(peer.say("RCPT TO:<" + recipient + ">")).containsExactly("250 2.1.5 Recipient OK");
    }
  }
}
