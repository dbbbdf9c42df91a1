package io.postern.render;

import static io.postern.model.MimeFormat.BEST_BODY_FORMAT;
import static io.postern.model.MimeFormat.HTML_AND_TEXT_ALTERNATIVE;
import static io.postern.model.MimeFormat.HTML_ONLY;
import static io.postern.model.MimeFormat.TEXT_ENRICHED_AND_TEXT_ALTERNATIVE;
import static io.postern.model.MimeFormat.TEXT_ENRICHED_ONLY;
import static io.postern.model.MimeFormat.TEXT_ONLY;
import static io.postern.model.MimeFormat.TNEF;
import static io.postern.render.RenderedMessages.format;
import static io.postern.render.RenderedMessages.octets;
import static io.postern.render.RenderedMessages.rendered;
import static io.postern.render.RenderedMessages.shape;
import static io.postern.render.RenderedMessages.text;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.PartTree;
import io.postern.model.MimeFormat;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RendererTest {
  private static final List<MimeFormat> CONVERTING =
      List.of(
          TEXT_ONLY,
          HTML_ONLY,
          HTML_AND_TEXT_ALTERNATIVE,
          TEXT_ENRICHED_ONLY,
          TEXT_ENRICHED_AND_TEXT_ALTERNATIVE,
          TNEF);

  private static String message(String name) {
    return switch (name) {
      case "plain" -> RenderedMessages.PLAIN;
      case "html" -> RenderedMessages.HTML;
      case "alternative" -> RenderedMessages.ALTERNATIVE;
      case "mixed" -> RenderedMessages.MIXED;
      case "invitation" -> RenderedMessages.INVITATION;
      case "calendar" -> RenderedMessages.CALENDAR_ALONE;
      case "enriched" -> RenderedMessages.ENRICHED;
      case "nested" -> RenderedMessages.NESTED;
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** The parts of each kind of message in each format; a hyphen is the message as stored. */
  @ParameterizedTest
  @CsvSource({
    "plain, TEXT_ONLY, -",
    "plain, HTML_ONLY, html",
    "plain, HTML_AND_TEXT_ALTERNATIVE, alternative(plain html)",
    "plain, TEXT_ENRICHED_ONLY, enriched",
    "plain, TEXT_ENRICHED_AND_TEXT_ALTERNATIVE, alternative(plain enriched)",
    "plain, TNEF, mixed(plain ms-tnef)",
    "html, TEXT_ONLY, plain",
    "html, HTML_ONLY, -",
    "html, HTML_AND_TEXT_ALTERNATIVE, alternative(plain html)",
    "html, TEXT_ENRICHED_ONLY, enriched",
    "html, TEXT_ENRICHED_AND_TEXT_ALTERNATIVE, alternative(plain enriched)",
    "html, TNEF, mixed(plain ms-tnef)",
    "alternative, TEXT_ONLY, plain",
    "alternative, HTML_ONLY, html",
    "alternative, HTML_AND_TEXT_ALTERNATIVE, -",
    "alternative, TEXT_ENRICHED_ONLY, enriched",
    "alternative, TEXT_ENRICHED_AND_TEXT_ALTERNATIVE, alternative(plain enriched)",
    "alternative, TNEF, mixed(plain ms-tnef)",
  })
  void showsTheBodyInTheFormat(String name, MimeFormat format, String shape) {
    assertShown(name, format, shape);
  }

  /** The same where the message has more than a body. */
  @ParameterizedTest
  @CsvSource({
    "mixed, TEXT_ONLY, mixed(mixed(plain png) pdf plain)",
    "mixed, HTML_ONLY, -",
    "mixed, HTML_AND_TEXT_ALTERNATIVE, mixed(related(alternative(plain html) png) pdf plain)",
    "mixed, TEXT_ENRICHED_ONLY, mixed(mixed(enriched png) pdf plain)",
    "mixed, TNEF, mixed(mixed(plain ms-tnef png) pdf plain)",
    "invitation, TEXT_ONLY, alternative(plain calendar)",
    "invitation, HTML_ONLY, alternative(html calendar)",
    "invitation, HTML_AND_TEXT_ALTERNATIVE, -",
    "invitation, TEXT_ENRICHED_ONLY, alternative(enriched calendar)",
    "invitation, TNEF, mixed(alternative(plain calendar) ms-tnef)",
    "calendar, TEXT_ONLY, alternative(plain calendar)",
    "calendar, HTML_AND_TEXT_ALTERNATIVE, alternative(plain html calendar)",
    "enriched, TEXT_ONLY, plain",
    "enriched, HTML_ONLY, html",
    "enriched, TEXT_ENRICHED_ONLY, -",
    "enriched, TEXT_ENRICHED_AND_TEXT_ALTERNATIVE, alternative(plain enriched)",
    "nested, TEXT_ONLY, mixed(plain pdf html)",
    "nested, HTML_ONLY, mixed(html pdf html)",
    "nested, HTML_AND_TEXT_ALTERNATIVE, -",
  })
  void keepsWhatIsNotTheBody(String name, MimeFormat format, String shape) {
    assertShown(name, format, shape);
  }

  private static void assertShown(String name, MimeFormat format, String shape) {
    var message = octets(message(name));
    var shown = rendered(format(format), message);
    assertThat(shown.map(RenderedMessages::shape).orElse("-")).isEqualTo(shape);
    assertThat(rendered(format(format), message)).isEqualTo(shown);
  }

  @Test
  void convertsTheTexts() {
    var html = octets(RenderedMessages.HTML);
    assertThat(text(shown(TEXT_ONLY, html), "plain")).isEqualTo("Grüße\n\na bold word\n");
    assertThat(text(shown(TEXT_ENRICHED_ONLY, html), "enriched"))
        .isEqualTo("Grüße\n\n\na <bold>bold</bold> word\n\n");
    var plain = octets(RenderedMessages.PLAIN);
    assertThat(text(shown(HTML_ONLY, plain), "html")).contains("Hello &lt;you&gt;\n");
    assertThat(text(shown(TEXT_ENRICHED_ONLY, plain), "enriched")).isEqualTo("Hello <<you>\n\n");
    assertThat(text(shown(TEXT_ONLY, octets(RenderedMessages.ENRICHED)), "plain"))
        .isEqualTo("Now is the time, 1 < 2\nnext \n");
  }

  private static Buffer shown(MimeFormat format, Buffer message) {
    return rendered(format(format), message).orElseThrow();
  }

  @ParameterizedTest
  @EnumSource(MimeFormat.class)
  void neverChangesWhatIsSignedOrEncrypted(MimeFormat format) {
    for (var message :
        List.of(
            RenderedMessages.SIGNED,
            RenderedMessages.SIGNED_INSIDE,
            RenderedMessages.ENCRYPTED,
            RenderedMessages.OPENPGP,
            RenderedMessages.REPORT)) {
      assertThat(rendered(format(format), octets(message))).as(message).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(MimeFormat.class)
  void showsWhatHasNoBodyAsStored(MimeFormat format) {
    for (var message : List.of("", "no header at all", "Content-Type: image/png\n\npng")) {
      var shown = rendered(format(format), octets(message));
      assertThat(shown.map(RenderedMessages::shape)).as(message).isNotEqualTo(Optional.of("png"));
    }
    assertThat(rendered(format(format), octets("Content-Type: image/png\n\npng"))).isEmpty();
  }

  /** A reader of any rendition finds the attachments' octets unchanged. */
  @Test
  void keepsAttachments() {
    for (var format : CONVERTING) {
      var shown =
          rendered(format(format), octets(RenderedMessages.MIXED))
              .orElse(octets(RenderedMessages.MIXED))
              .toString(ISO_8859_1);
      assertThat(shown)
          .contains("Content-ID: <p>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n")
          .contains("filename=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0=\r\n--m")
          .contains("filename=b.txt\r\n\r\nstays as it is\r\n--m--");
    }
  }

  @Test
  void keepsTheHeader() {
    for (var format : CONVERTING) {
      var shown = rendered(format(format), octets(RenderedMessages.ENRICHED));
      var facts = RenderedMessages.scan(shown.orElse(octets(RenderedMessages.ENRICHED)));
      assertThat(facts.envelope())
          .isEqualTo(RenderedMessages.scan(octets(RenderedMessages.ENRICHED)).envelope());
      assertThat(facts.header().toString()).containsOnlyOnce("Content-Type:");
      assertThat(facts.header().toString()).containsOnlyOnce("MIME-Version: 1.0");
    }
  }

  @Test
  void addsTheVersionOfMimeWhereItIsMissing() {
    var shown = shown(HTML_ONLY, octets("Subject: old\n\nwords\n"));
    assertThat(shown.toString(ISO_8859_1)).startsWith("Subject: old\r\nMIME-Version: 1.0\r\n");
    assertThat(shape(shown)).isEqualTo("html");
  }

  @Test
  void linksToMeetingRequests() {
    var link = "https://owa.example.test/owa/?account=ada&item=";
    for (var format : MimeFormat.values()) {
      var options = new RenderOptions(format, Optional.of(link), false);
      var shown = rendered(options, octets(RenderedMessages.INVITATION)).orElseThrow();
      assertThat(shape(shown)).doesNotContain("calendar");
      assertThat(rendered(options, octets(RenderedMessages.PLAIN)).map(Buffer::toString))
          .isEqualTo(
              rendered(format(format), octets(RenderedMessages.PLAIN)).map(Buffer::toString));
    }
    var best = new RenderOptions(BEST_BODY_FORMAT, Optional.of(link), false);
    var shown = rendered(best, octets(RenderedMessages.INVITATION)).orElseThrow();
    assertThat(shape(shown)).isEqualTo("alternative(plain html)");
    assertThat(text(shown, "plain")).isEqualTo("Please come\n\nMeeting request: " + link + "M7\n");
    assertThat(text(shown, "html"))
        .contains("<b>come</b><p>Meeting request: <a href=\"")
        .contains("?account=ada&amp;item=M7\">");
    var alone = rendered(best, octets(RenderedMessages.CALENDAR_ALONE)).orElseThrow();
    assertThat(text(alone, "plain")).startsWith("Plans, and so on\n").endsWith("item=M7\n");
  }

  @Test
  void hidesRequestsForReceipts() {
    var options = new RenderOptions(BEST_BODY_FORMAT, Optional.empty(), true);
    var signed = octets(RenderedMessages.SIGNED);
    var shown = rendered(options, signed).orElseThrow();
    assertThat(shown.toString(ISO_8859_1))
        .isEqualTo(
            signed
                .toString(ISO_8859_1)
                .replace("Disposition-Notification-To: ada@example.test\r\n", ""));
    assertThat(rendered(options, octets(RenderedMessages.HTML))).isEmpty();
    var both = new RenderOptions(TEXT_ONLY, Optional.empty(), true);
    var asking = "Return-Receipt-To: a@b\nX-Confirm-Reading-To: a@b\n" + RenderedMessages.HTML;
    assertThat(rendered(both, octets(asking)))
        .isEqualTo(rendered(format(TEXT_ONLY), octets(RenderedMessages.HTML)));
  }

  @Test
  void examinesTheFrontOnly() {
    var html = RenderedMessages.HEAD + "Content-Type: text/html\n\n<p>";
    int room = Renderer.MAX_FRONT - octets(html).length();
    var fits = octets(html).appendString("x".repeat(room));
    assertThat(rendered(format(TEXT_ONLY), fits)).isPresent();
    assertThat(rendered(format(TEXT_ONLY), fits.copy().appendString("x"))).isEmpty();
  }

  @Test
  void rendersLargeMessagesByTheirFront() {
    var start = octets(RenderedMessages.MIXED);
    int end = start.toString(ISO_8859_1).indexOf("JVBERi0=");
    var message = start.slice(0, end).copy();
    while (message.length() < 30 * 1024 * 1024) {
      message.appendString("JVBERi0xLjQKJcfsj6IKJVBERi0xLjQKJcfsj6IK\r\n");
    }
    message.appendString("--m--\r\n");
    var shown = shown(TEXT_ONLY, message);
    assertThat(shape(shown)).isEqualTo("mixed(mixed(plain png) pdf)");
    int tail = message.length() - end;
    assertThat(shown.slice(shown.length() - tail, shown.length()))
        .isEqualTo(message.slice(end, message.length()));
  }

  @Test
  void leavesTooLargeMessagesAsTheyAre() {
    var tree = RenderedMessages.scan(octets(RenderedMessages.HTML)).parts();
    assertThat(new Renderer(format(TEXT_ONLY)).keeps(ended(tree, Renderer.MAX_SIZE))).isFalse();
    assertThat(new Renderer(format(TEXT_ONLY)).keeps(ended(tree, Renderer.MAX_SIZE + 1))).isTrue();
  }

  private static PartTree ended(PartTree tree, int end) {
    return new PartTree(
        tree.type(),
        tree.subtype(),
        tree.encoding(),
        tree.charset(),
        tree.headerStart(),
        tree.bodyStart(),
        end,
        tree.children());
  }

  /** Whatever a message is, its renditions can be made, again and again the same. */
  @Test
  void neverFails() {
    var random = new Random(17);
    var pieces =
        List.of(
            RenderedMessages.BROKEN,
            RenderedMessages.MIXED,
            RenderedMessages.NESTED,
            RenderedMessages.INVITATION,
            RenderedMessages.ENRICHED);
    for (int i = 0; i < 2_000; i++) {
      var octets = octets(pieces.get(random.nextInt(pieces.size()))).getBytes();
      for (int edits = random.nextInt(8); edits > 0; edits--) {
        octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
      }
      var message = Buffer.buffer(octets).slice(0, 1 + random.nextInt(octets.length));
      var options =
          new RenderOptions(
              MimeFormat.values()[random.nextInt(7)],
              random.nextBoolean() ? Optional.of("https://a/?item=") : Optional.empty(),
              random.nextBoolean());
      var shown = rendered(options, message);
      assertThat(rendered(options, message)).isEqualTo(shown);
      shown.ifPresent(it -> assertThat(RenderedMessages.scan(it).size()).isEqualTo(it.length()));
    }
  }
}
