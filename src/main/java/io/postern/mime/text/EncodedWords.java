package io.postern.mime.text;

import io.postern.mime.decoding.CharsetDecoding;
import io.postern.mime.decoding.Charsets;
import io.postern.mime.decoding.TransferDecoder;
import io.postern.mime.decoding.Utf7;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * Decodes the encoded words of a text (RFC 2047 §4, languages as in RFC 2231 §5). Adjacent words of
 * one charset are decoded together: many mailers divide a character. Linear in the text. Decodes it
 * at once, or piece by piece.
 */
final class EncodedWords implements Iterator<String> {
  /** A longer word is plain text. RFC 2047 §2 allows 75, mailers write more. */
  private static final int MAX_WORD = 8 * 1024;

  private static final int MAX_CHARSET = 64;

  /** Words decoded at once. */
  private static final int WORDS = 32;

  private record Word(Charset charset, Buffer octets, int end) {}

  private final String text;
  private final StringBuilder out = new StringBuilder();
  private final ByteArrayOutputStream run = new ByteArrayOutputStream();
  private Charset charset = StandardCharsets.UTF_8;
  private int terminator = -1;

  /** How far the text is decoded. */
  private int plain;

  private boolean behindWord;

  /** Where the next word may begin; -1 when none is left. */
  private int start;

  private boolean ended;

  EncodedWords(String text) {
    this.text = text;
    this.start = text.indexOf("=?");
  }

  /** Decodes the whole text. */
  String decode() {
    while (start >= 0) {
      step();
    }
    end();
    return out.toString();
  }

  /** Whether more pieces follow those returned so far. */
  @Override
  public boolean hasNext() {
    return !ended;
  }

  /** The next piece of the decoded text, at most {@link #WORDS} words; may be empty. */
  @Override
  public String next() {
    if (ended) {
      throw new NoSuchElementException();
    }
    for (int words = 0; words < WORDS && start >= 0; words++) {
      step();
    }
    if (start < 0) {
      end();
    }
    var piece = out.toString();
    out.setLength(0);
    return piece;
  }

  private void step() {
    var found = word(start);
    if (found.isPresent()) {
      var word = found.get();
      var gap = text.substring(plain, start);
      if (!behindWord || !gap.isBlank()) { // RFC 2047 §6.2
        flush();
        out.append(gap);
      }
      add(word);
      behindWord = true;
      plain = word.end();
    }
    start = text.indexOf("=?", found.map(Word::end).orElse(start + 2));
  }

  private void end() {
    flush();
    out.append(text, plain, text.length());
    ended = true;
  }

  private void add(Word word) {
    // A run of base64 in UTF-7 ends with its word at the latest (RFC 2047 §2, §5).
    if (!word.charset().equals(charset) || charset.equals(Utf7.INSTANCE)) {
      flush();
      charset = word.charset();
    }
    run.writeBytes(word.octets().getBytes());
  }

  private void flush() {
    if (run.size() > 0) {
      out.append(CharsetDecoding.text(run.toByteArray(), charset));
      run.reset();
    }
  }

  private Optional<Word> word(int start) {
    int charsetEnd = text.indexOf('?', start + 2, Math.min(text.length(), start + MAX_CHARSET));
    int content = charsetEnd + 3;
    if (charsetEnd < 0 || content > text.length() || text.charAt(content - 1) != '?') {
      return Optional.empty();
    }
    if (terminator < content) {
      int next = text.indexOf("?=", content);
      terminator = next < 0 ? Integer.MAX_VALUE - MAX_WORD : next;
    }
    if (terminator - start > MAX_WORD) {
      return Optional.empty();
    }
    var coded = text.substring(content, terminator);
    return Charsets.named(charsetName(start + 2, charsetEnd))
        .flatMap(
            set ->
                octets(text.charAt(charsetEnd + 1), coded)
                    .map(octets -> new Word(set, Buffer.buffer(octets), terminator + 2)));
  }

  private String charsetName(int from, int to) {
    var name = text.substring(from, to);
    int language = name.indexOf('*'); // RFC 2231 §5
    return language < 0 ? name : name.substring(0, language);
  }

  private static Optional<byte[]> octets(char encoding, String coded) {
    return switch (encoding) {
      case 'B', 'b' -> {
        var decoder = TransferDecoder.of("base64");
        var octets = new ByteArrayOutputStream();
        decoder.decode(coded.getBytes(StandardCharsets.ISO_8859_1), octets);
        decoder.end(octets);
        yield Optional.of(octets.toByteArray());
      }
      case 'Q', 'q' -> Optional.of(quoted(coded));
      default -> Optional.empty();
    };
  }

  // RFC 2047 §4.2
  private static byte[] quoted(String coded) {
    var octets = new byte[coded.length()];
    int length = 0;
    for (int at = 0; at < coded.length(); at++) {
      char c = coded.charAt(at);
      int hex = c == '=' ? hexadecimal(coded, at + 1) : -1;
      if (hex >= 0) {
        octets[length++] = (byte) hex;
        at += 2;
      } else {
        octets[length++] = (byte) (c == '_' ? ' ' : c);
      }
    }
    return Arrays.copyOf(octets, length);
  }

  /** The octet of two hexadecimal digits, or -1. */
  static int hexadecimal(String text, int at) {
    if (at + 2 > text.length()) {
      return -1;
    }
    int high = Character.digit(text.charAt(at), 16);
    int low = Character.digit(text.charAt(at + 1), 16);
    return high < 0 || low < 0 ? -1 : (high << 4) | low;
  }
}
