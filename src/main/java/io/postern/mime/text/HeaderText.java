package io.postern.mime.text;

import io.postern.mime.AddressList;
import io.postern.mime.Envelope;
import io.postern.mime.decoding.CharsetDecoding;
import io.postern.mime.decoding.Charsets;
import io.postern.mime.header.MimeValue;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Decodes a header field's value to readable text. Values are unfolded, octets as chars 0 to 255,
 * as {@link io.postern.mime.header.HeaderScan#value} returns them.
 */
public final class HeaderText {
  private HeaderText() {}

  /**
   * Decodes encoded words (RFC 2047); bad ones stay as they are. Octets above 127 are read as UTF-8
   * if the whole value is that (RFC 6532), else as windows-1252.
   */
  public static String decode(String value) {
    var text = unicode(value);
    return text.contains("=?") ? new EncodedWords(text).decode() : text;
  }

  /** Decodes a parameter of a value such as Content-Type's (RFC 2231 §4, RFC 2047). */
  public static Optional<String> parameter(String value, String name) {
    var parameters = MimeValue.parse(value);
    return parameters
        .parameter(name + "*")
        .map(HeaderText::extended)
        .or(() -> parameters.parameter(name).map(HeaderText::decode));
  }

  /** Decodes a value piece by piece. */
  static Iterator<String> pieces(String value) {
    var text = unicode(value);
    return text.contains("=?") ? new EncodedWords(text) : List.of(text).iterator();
  }

  /** Decodes a value's extended parameters (RFC 2231 §4); empty when it has none. */
  static String extendedParameters(String value) {
    if (!value.contains("*")) {
      return "";
    }
    var text = new StringBuilder();
    for (var parameter : MimeValue.parse(value).parameters()) {
      if (parameter.name().endsWith("*")) {
        text.append("; ").append(extended(parameter.value()));
      }
    }
    return text.toString();
  }

  /**
   * The addresses of a value as ENVELOPE shows them (RFC 3501 §7.4.2), comments and folding white
   * space taken off, names decoded: {@code name <mailbox@host>}. Piece by piece.
   */
  static Iterator<String> addresses(String value) {
    var addresses = AddressList.read(value);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return addresses.hasNext();
      }

      @Override
      public String next() {
        return text(addresses.next());
      }
    };
  }

  private static String text(Envelope.Address address) {
    var text = new StringBuilder(64);
    address.name().ifPresent(name -> text.append(decode(name)).append(" <"));
    address.route().ifPresent(route -> text.append(route).append(':'));
    address.mailbox().ifPresent(text::append);
    address.host().filter(host -> !host.isEmpty()).ifPresent(h -> text.append('@').append(h));
    return text.append(address.name().isPresent() ? ">, " : ", ").toString();
  }

  private static String unicode(String value) {
    if (isAscii(value)) {
      return value;
    }
    var octets = value.getBytes(StandardCharsets.ISO_8859_1);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException _) {
      return new String(octets, Charsets.WINDOWS_1252);
    }
  }

  private static boolean isAscii(String value) {
    for (int at = 0; at < value.length(); at++) {
      if (value.charAt(at) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  // RFC 2231 §4: charset'language'text
  private static String extended(String value) {
    int charset = value.indexOf('\'');
    int language = value.indexOf('\'', charset + 1);
    if (charset < 0 || language < 0) {
      return decode(value);
    }
    var octets = new ByteArrayOutputStream();
    for (int at = language + 1; at < value.length(); at++) {
      int hex = value.charAt(at) == '%' ? EncodedWords.hexadecimal(value, at + 1) : -1;
      octets.write(hex < 0 ? value.charAt(at) : hex);
      at += hex < 0 ? 0 : 2;
    }
    return CharsetDecoding.text(octets.toByteArray(), Charsets.ofPart(value.substring(0, charset)));
  }
}
