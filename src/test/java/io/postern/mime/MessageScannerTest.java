package io.postern.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.header.HeaderScan;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The scanner's limits, on both of their sides, and mail made to hurt. */
class MessageScannerTest {
  private static int depth(PartTree part) {
    return 1 + part.children().stream().mapToInt(MessageScannerTest::depth).max().orElse(0);
  }

  private static int count(PartTree part) {
    return 1 + part.children().stream().mapToInt(MessageScannerTest::count).sum();
  }

  private static String bodyStructure(MessageFacts facts) {
    return facts.bodyStructure().toString(ISO_8859_1);
  }

  @Test
  void fiftyLevelsAreDivided() {
    var facts = Samples.scan(Samples.nested(MessageScanner.MAX_NESTING));
    assertThat(depth(facts.parts())).isEqualTo(MessageScanner.MAX_NESTING + 1);
    assertThat(bodyStructure(facts)).contains("\"innermost\"");
  }

  @Test
  void deeperLevelsAreOneText() {
    for (int levels : new int[] {MessageScanner.MAX_NESTING + 1, 1000}) {
      var facts = Samples.scan(Samples.nested(levels));
      assertThat(depth(facts.parts())).isEqualTo(MessageScanner.MAX_NESTING + 2);
      assertThat(bodyStructure(facts)).doesNotContain("\"innermost\"");
    }
  }

  @Test
  void messagesInMessagesEndAsOctets() {
    var levels = "Content-Type: message/rfc822\r\n\r\n".repeat(1000);
    var facts = Samples.scan(levels + "\r\nbody");
    assertThat(depth(facts.parts())).isEqualTo(MessageScanner.MAX_NESTING + 1);
    assertThat(bodyStructure(facts)).contains("\"APPLICATION\" \"OCTET-STREAM\"");
  }

  @Test
  void partsAreCounted() {
    for (int more : new int[] {-1, 0, 1, 5000}) {
      int parts = MessageScanner.MAX_PARTS - 1 + more;
      var facts =
          Samples.scan(
              "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                  + "--b\r\n\r\nx\r\n".repeat(parts)
                  + "--b--\r\n");
      assertThat(count(facts.parts())).isEqualTo(Math.min(parts + 1, MessageScanner.MAX_PARTS));
    }
  }

  @Test
  void partsBehindTheLimitBelongToTheLastOne() {
    var facts =
        Samples.scan(
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                + "--b\r\n\r\nx\r\n".repeat(MessageScanner.MAX_PARTS + 1)
                + "--b--\r\n");
    assertThat(facts.parts().children().getLast().end()).isEqualTo(facts.size() - 9);
  }

  @Test
  void headerIsKeptUpToItsBound() {
    int bound = MessageFacts.MAX_HEADER;
    for (int length : new int[] {bound - 1, bound, bound + 1, 1024 * 1024}) {
      var header = "X: " + "y".repeat(length - 7) + "\r\n\r\n";
      var facts = Samples.scan(header + "body");
      assertThat(facts.header().length()).isEqualTo(Math.min(length, bound));
      assertThat(facts.headerIsWhole()).isEqualTo(length <= bound);
      assertThat(facts.parts().bodyStart()).isEqualTo(length);
    }
  }

  @Test
  void longFieldsAreCut() {
    for (int length : new int[] {HeaderScan.MAX_FIELD - 1, HeaderScan.MAX_FIELD, 1024 * 1024}) {
      // The space before it and its line end count too.
      var facts = Samples.scan("Subject: " + "s".repeat(length) + "\r\n\r\n");
      int shown = Math.min(length, HeaderScan.MAX_FIELD - 1);
      assertThat(facts.envelope().toString(ISO_8859_1)).startsWith("(NIL {" + shown + "}\r\ns");
    }
  }

  @Test
  void envelopesHaveAtMostSoManyAddresses() {
    for (var entry : new String[] {"a,", "a@b,", "\"name\" <a@b>,"}) {
      var value = entry.repeat(HeaderScan.MAX_LIST / entry.length());
      var fields = new StringBuilder();
      for (var name : new String[] {"From", "Sender", "Reply-To", "To", "Cc", "Bcc"}) {
        fields.append(name).append(": ").append(value).append("\r\n");
      }
      var facts = Samples.scan(fields + "Message-ID: <1@example.test>\r\n\r\n");
      var envelope = facts.envelope().toString(ISO_8859_1);
      assertThat(envelope.length()).isLessThan(Envelope.MAX_LISTS + 200);
      assertThat(envelope).endsWith(" NIL \"<1@example.test>\")");
    }
    var fits = Samples.scan("To: " + "somebody@example.test,".repeat(1000) + "\r\n\r\n");
    assertThat(fits.envelope().toString(ISO_8859_1).split("somebody", -1)).hasSize(1001);
  }

  @Test
  void envelopesOfEmbeddedMessagesAreBounded() {
    var one = "To: " + "somebody@example.test,".repeat(100) + "\r\n\r\nx\r\n";
    var all = new StringBuilder("Content-Type: multipart/digest; boundary=b\r\n\r\n");
    for (int i = 0; i < 200; i++) {
      all.append("--b\r\n\r\n").append(one);
    }
    var facts = Samples.scan(all + "--b--\r\n");
    assertThat(facts.body().length()).isLessThan(MessageScanner.MAX_ENVELOPES + 100_000);
    assertThat(facts.body().toString(ISO_8859_1)).contains("somebody", "(NIL NIL NIL NIL NIL NIL");
    assertThat(facts.parts().children()).hasSize(200);
  }

  @Test
  void keptFieldsAreBoundedOverAllParts() {
    var parts = new StringBuilder("Content-Type: multipart/mixed; boundary=b\r\n\r\n");
    for (int i = 0; i < 40; i++) {
      parts
          .append("--b\r\nContent-Description: ")
          .append("d".repeat(60_000))
          .append("\r\n\r\nx\r\n");
    }
    var facts = Samples.scan(parts.toString());
    assertThat(facts.bodyStructure().length())
        .isBetween(MessageScanner.MAX_KEPT - 70_000, MessageScanner.MAX_KEPT + 70_000);
    assertThat(facts.parts().children()).hasSize(40);
  }

  @Test
  void hundredThousandFieldsAndRecipients() {
    var fields = "To: a@example.test\r\nX-Field: y\r\n".repeat(100_000);
    var facts = Samples.scan(fields + "Subject: last\r\n\r\nbody\r\n");
    assertThat(facts.envelope().toString(ISO_8859_1)).startsWith("(NIL \"last\" NIL");
    assertThat(facts.envelope().length()).isLessThan(1024 * 1024);
    assertThat(facts.parts().end()).isEqualTo(facts.size());
  }

  @Test
  void unclosedCommentsAndQuotesCostNoMoreThanTheirOctets() {
    for (var octet : new String[] {"(", "\"", "<", ",", "a ", "<a> b ", "@", ":", "a:;", "(\\"}) {
      var value = octet.repeat(HeaderScan.MAX_LIST / octet.length());
      var facts =
          Samples.scan(
              "From: " + value + "\r\nContent-Type: a/b; " + value + "\r\nDate: " + value + "\r\n");
      assertThat(facts.parts().bodyStart()).isEqualTo(facts.size());
    }
  }

  @Test
  void manyNestedBoundariesThatMatchAlmost() {
    var message = Samples.nested(MessageScanner.MAX_NESTING).toString(ISO_8859_1);
    var almost = "--boundary-of-level-".repeat(40) + "\r\n";
    var facts = Samples.scan(message + almost.repeat(5_000));
    assertThat(facts.size()).isEqualTo(message.length() + almost.length() * 5_000);
  }

  @Test
  void boundariesHaveABound() {
    for (int more : new int[] {-1, 0, 1, 1000}) {
      var boundary = "b".repeat(MessageScanner.MAX_BOUNDARY + more);
      var facts =
          Samples.scan(
              "Content-Type: multipart/mixed; boundary=%s\r\n\r\n--%s\r\n\r\nx\r\n--%s\r\n--%s--\r\n"
                  .formatted(boundary, boundary, boundary, boundary));
      assertThat(facts.parts().children()).hasSize(more > 0 ? 1 : 2);
    }
  }

  @Test
  void samplesAreTheSameInAnyCut() throws IOException {
    for (var name : Samples.names()) {
      var message = Samples.message(name);
      for (int piece : new int[] {1, 2, 3, 7, 64}) {
        var scanner = new MessageScanner();
        for (int at = 0; at < message.length(); at += piece) {
          scanner.feed(message.getBuffer(at, Math.min(message.length(), at + piece)));
          scanner.feed(Buffer.buffer());
        }
        assertThat(scanner.finish()).as(name).isEqualTo(Samples.scan(message));
      }
    }
  }
}
