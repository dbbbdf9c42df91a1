package io.postern.mime.search;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.postern.mime.decoding.Charsets;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.Base64;
import java.util.List;
import java.util.Random;

/**
 * Messages of random words, charsets, transfer encodings and parts, some of them malformed, and
 * texts that may occur in them.
 */
final class RandomMessages {
  private static final List<String> WORDS =
      List.of(
          "invoice",
          "Grüße",
          "STRAßE",
          "ΟΔΟΣ",
          "Привет",
          "日本語",
          "😀",
          "İstanbul",
          "ab",
          "aabaa",
          "ſs",
          "Köln",
          "e\u0301",
          "x=?y",
          "a,b",
          "<u@example.test>",
          "\uD800",
          "ﬁ",
          "ǆ",
          "\u0000",
          "+AOkA6Q-");

  private static final List<String> CHARSETS =
      List.of(
          "utf-8",
          "iso-8859-1",
          "koi8-r",
          "utf-16",
          "utf-16le",
          "iso-2022-jp",
          "gb18030",
          "utf-7",
          "windows-1252",
          "unknown",
          "");

  private static final List<String> FIELDS =
      List.of(
          "Subject",
          "From",
          "To",
          "CC",
          "Bcc",
          "Reply-To",
          "Message-ID",
          "In-Reply-To",
          "X-Other",
          "subject ",
          "Received",
          "no field");

  private final Random random;

  RandomMessages(long seed) {
    random = new Random(seed);
  }

  /** A message. */
  byte[] message() {
    var out = new ByteArrayOutputStream();
    message(out, 2);
    return out.toByteArray();
  }

  private void message(ByteArrayOutputStream out, int depth) {
    for (int n = random.nextInt(6); n >= 0; n--) {
      field(out);
    }
    entity(out, depth);
  }

  private void field(ByteArrayOutputStream out) {
    out.writeBytes((one(FIELDS) + (random.nextInt(10) == 0 ? "" : ": ")).getBytes(US_ASCII));
    for (int n = random.nextInt(5); n > 0; n--) {
      out.writeBytes(random.nextBoolean() ? word().getBytes(UTF_8) : encodedWord());
      out.writeBytes(one(List.of(" ", "\r\n ", "\n\t", ", ", "")).getBytes(US_ASCII));
    }
    out.writeBytes(one(List.of("\r\n", "\n")).getBytes(US_ASCII));
  }

  private byte[] encodedWord() {
    var charset = one(CHARSETS);
    var octets = encoded(words(), charset);
    return random.nextBoolean()
        ? ("=?" + charset + "?B?" + Base64.getEncoder().encodeToString(octets) + "?=")
            .getBytes(US_ASCII)
        : ("=?" + charset + "*en?q?" + quoted(octets).replace(' ', '_') + "?=").getBytes(US_ASCII);
  }

  private static byte[] encoded(String text, String charset) {
    return text.getBytes(Charsets.named(charset).filter(Charset::canEncode).orElse(UTF_8));
  }

  private static String quoted(byte[] octets) {
    var text = new StringBuilder();
    for (byte octet : octets) {
      text.append(
          octet > ' ' && octet < 127 && octet != '=' && octet != '?' && octet != '_'
              ? String.valueOf((char) octet)
              : "=%02X".formatted(octet & 0xFF));
    }
    return text.toString();
  }

  private void entity(ByteArrayOutputStream out, int depth) {
    switch (random.nextInt(depth > 0 ? 6 : 3)) {
      case 0, 1, 2 -> leaf(out);
      case 3 -> {
        out.writeBytes("Content-Type: message/rfc822\r\n\r\n".getBytes(US_ASCII));
        message(out, depth - 1);
      }
      default -> multipart(out, depth);
    }
  }

  private void multipart(ByteArrayOutputStream out, int depth) {
    var boundary = "b" + random.nextInt(1_000_000);
    line(out, "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\npreamble");
    for (int n = random.nextInt(4); n > 0; n--) {
      line(out, "--" + boundary);
      if (random.nextBoolean()) {
        line(out, "Content-Disposition: attachment; filename*=utf-8''Gr%C3%BC%C3%9Fe.txt");
      }
      entity(out, depth - 1);
      line(out, "");
    }
    line(out, random.nextInt(5) == 0 ? "" : "--" + boundary + "--");
  }

  private void leaf(ByteArrayOutputStream out) {
    var charset = one(CHARSETS);
    var type = one(List.of("text/plain", "text/html", "image/png", "message/partial"));
    line(out, "Content-Type: " + type + (charset.isEmpty() ? "" : "; charset=" + charset));
    var octets = encoded(words(), charset);
    switch (random.nextInt(3)) {
      case 0 -> {
        line(out, "Content-Transfer-Encoding: base64\r\n");
        out.writeBytes(Base64.getMimeEncoder().encode(octets));
      }
      case 1 -> {
        line(out, "Content-Transfer-Encoding: quoted-printable\r\n");
        line(out, quoted(octets).replaceAll("(.{30}(?![^=]?$))(?<!=.?)", "$1=\r\n"));
      }
      default -> {
        line(out, random.nextInt(8) == 0 ? "" : "X: y\r\n");
        out.writeBytes(octets);
      }
    }
  }

  private static void line(ByteArrayOutputStream out, String text) {
    out.writeBytes((text + "\r\n").getBytes(ISO_8859_1));
  }

  private String words() {
    var text = new StringBuilder();
    for (int n = random.nextInt(8); n >= 0; n--) {
      text.append(word()).append(one(List.of(" ", "", "\r\n")));
    }
    return text.toString();
  }

  /** A text of a few characters that messages have often. */
  String needle() {
    var text = words();
    int from = random.nextInt(text.length());
    return text.substring(from, Math.min(text.length(), from + random.nextInt(8)));
  }

  /** The name of a field that messages have often. */
  String field() {
    return one(FIELDS).strip();
  }

  private String word() {
    return one(WORDS);
  }

  private <T> T one(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
