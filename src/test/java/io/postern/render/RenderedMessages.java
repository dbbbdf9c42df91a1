package io.postern.render;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.postern.mime.MessageFacts;
import io.postern.mime.MessageScanner;
import io.postern.mime.PartTree;
import io.postern.mime.decoding.CharsetDecoding;
import io.postern.mime.decoding.Charsets;
import io.postern.mime.decoding.TransferDecoder;
import io.postern.model.MimeFormat;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Messages of every kind, and what a test sees of their renditions. */
public final class RenderedMessages {
  public static final String HEAD =
      """
      From: Ada <ada@example.test>
      Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=
      Date: Mon, 1 Jan 2024 12:00:00 +0000
      MIME-Version: 1.0
      """;

  public static final String PLAIN =
      HEAD + "Content-Type: text/plain; charset=utf-8\n\nHello <you>\n";

  public static final String HTML =
      HEAD
          + """
          Content-Type: text/html; charset=iso-8859-1
          Content-Transfer-Encoding: quoted-printable

          <html><body><h1>Gr=FC=DFe</h1><p>a <b>bold</b> word</p></body></html>
          """;

  public static final String ALTERNATIVE =
      HEAD
          + """
          Content-Type: multipart/alternative; boundary=a

          preamble
          --a
          Content-Type: text/plain

          the text
          --a
          Content-Type: text/html

          <p>the <i>text</i></p>
          --a--
          """;

  public static final String MIXED =
      HEAD
          + """
          Content-Type: multipart/mixed; boundary=m

          --m
          Content-Type: multipart/related; boundary=r

          --r
          Content-Type: text/html

          <p>see <img src="cid:p"></p>
          --r
          Content-Type: image/png
          Content-ID: <p>
          Content-Transfer-Encoding: base64

          iVBORw0KGgo=
          --r--
          --m
          Content-Type: application/pdf; name=a.pdf
          Content-Disposition: attachment; filename=a.pdf
          Content-Transfer-Encoding: base64

          JVBERi0=
          --m
          Content-Type: text/plain
          Content-Disposition: attachment; filename=b.txt

          stays as it is
          --m--
          """;

  static final String EVENT =
      """
      BEGIN:VCALENDAR
      METHOD:REQUEST
      BEGIN:VEVENT
      UID:1@example.test
      SUMMARY:Plans\\, and so
        on
      DTSTART;TZID="Europe/Berlin":20240201T090000
      DTEND:20240201T100000Z
      LOCATION:Room 1\\nSecond floor
      ORGANIZER;CN="Ada: L":mailto:ada@example.test
      BEGIN:VALARM
      DESCRIPTION:of the alarm
      END:VALARM
      DESCRIPTION:of the event
      END:VEVENT
      END:VCALENDAR
      """;

  public static final String INVITATION =
      HEAD
          + """
          Content-Type: multipart/alternative; boundary=i

          --i
          Content-Type: text/plain

          Please come
          --i
          Content-Type: text/html

          <html><body>Please <b>come</b></body></html>
          --i
          Content-Type: text/calendar; method=REQUEST; charset=utf-8

          """
          + EVENT
          + "--i--\n";

  public static final String CALENDAR_ALONE =
      HEAD + "Content-Type: text/calendar; method=REQUEST; charset=utf-8\n\n" + EVENT;

  public static final String ENRICHED =
      HEAD + "Content-Type: text/enriched\n\n<bold>Now</bold> is\nthe time, 1 << 2\n\nnext\n";

  public static final String SIGNED =
      HEAD
          + """
          Disposition-Notification-To: ada@example.test
          Content-Type: multipart/signed; boundary=s; protocol="application/pkcs7-signature"

          --s
          Content-Type: text/html

          <p>signed</p>
          --s
          Content-Type: application/pkcs7-signature

          MIIB
          --s--
          """;

  public static final String ENCRYPTED =
      HEAD + "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nMIIB\n";

  public static final String OPENPGP =
      HEAD + "Content-Type: text/plain\n\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nx\n";

  public static final String SIGNED_INSIDE =
      HEAD
          + "Content-Type: multipart/mixed; boundary=o\n\n--o\n"
          + SIGNED.substring(SIGNED.indexOf("Content-Type"))
          + "--o\nContent-Type: text/plain\n\na footer of the list\n--o--\n";

  public static final String REPORT =
      HEAD
          + """
          Content-Type: multipart/report; report-type=delivery-status; boundary=d

          --d
          Content-Type: text/plain

          not delivered
          --d
          Content-Type: message/delivery-status

          Reporting-MTA: dns; example.test
          --d--
          """;

  /** As some mailers write it: the second form has attachments in it. */
  public static final String NESTED =
      HEAD
          + """
          Content-Type: multipart/alternative; boundary=x

          --x
          Content-Type: text/plain

          plain words
          --x
          Content-Type: multipart/mixed; boundary=y

          --y
          Content-Type: text/html

          <p>first</p>
          --y
          Content-Type: application/pdf

          pdf
          --y
          Content-Type: text/html

          <p>second</p>
          --y--
          --x--
          """;

  public static final String BROKEN =
      HEAD
          + "Content-Type: multipart/alternative; boundary=never\n\n--other\n"
          + "Content-Type: text/html\n\n<p>no end";

  private RenderedMessages() {}

  /** With CRLF, as mail arrives. */
  public static Buffer octets(String message) {
    return Buffer.buffer(message.replace("\n", "\r\n").getBytes(ISO_8859_1));
  }

  public static MessageFacts scan(Buffer octets) {
    var scanner = new MessageScanner();
    scanner.feed(octets);
    return scanner.finish();
  }

  static RenderOptions format(MimeFormat format) {
    return new RenderOptions(format, Optional.empty(), false);
  }

  /** The octets shown; empty when the message is shown as stored. */
  static Optional<Buffer> rendered(RenderOptions options, Buffer message) {
    var front = message.slice(0, Math.min(message.length(), Renderer.MAX_FRONT));
    return new Renderer(options)
        .render(scan(message).parts(), front, "M7")
        .map(segments -> assembled(segments, message));
  }

  static Buffer assembled(List<Segment> segments, Buffer message) {
    var all = Buffer.buffer();
    for (var segment : segments) {
      switch (segment) {
        case Segment.Made(var octets) -> all.appendBuffer(octets);
        case Segment.Stored(int from, int to) -> all.appendBuffer(message.slice(from, to));
      }
    }
    return all;
  }

  /** The types of a message's parts: {@code mixed(plain pdf)}. */
  static String shape(Buffer message) {
    return shape(scan(message).parts());
  }

  private static String shape(PartTree part) {
    return part.children().isEmpty()
        ? part.subtype()
        : part.children().stream()
            .map(RenderedMessages::shape)
            .collect(Collectors.joining(" ", part.subtype() + "(", ")"));
  }

  /** The decoded text of the first part of a subtype. */
  static String text(Buffer message, String subtype) {
    var part = find(scan(message).parts(), subtype).orElseThrow();
    var text = CharsetDecoding.text(body(message, part), Charsets.ofPart(part.charset()));
    return text.replace("\r\n", "\n");
  }

  static byte[] body(Buffer message, PartTree part) {
    var decoded = new ByteArrayOutputStream();
    var decoder = TransferDecoder.of(part.encoding());
    decoder.decode(message.getBytes(part.bodyStart(), part.end()), decoded);
    decoder.end(decoded);
    return decoded.toByteArray();
  }

  static Optional<PartTree> find(PartTree part, String subtype) {
    if (part.subtype().equals(subtype)) {
      return Optional.of(part);
    }
    return part.children().stream().flatMap(it -> find(it, subtype).stream()).findFirst();
  }
}
