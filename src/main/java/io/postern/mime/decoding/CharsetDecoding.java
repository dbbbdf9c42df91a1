package io.postern.mime.decoding;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderMalfunctionError;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Decodes octets, cut anywhere, to chars. Invalid UTF-8 is read as windows-1252; invalid octets in
 * another charset become U+FFFD.
 */
public final class CharsetDecoding {
  private static final int PIECE = 4096;

  /** Room for what a decoder may hold back, and for its output at once. */
  private static final int LEAST = 64;

  /** The chars of windows-1252 by their octets. */
  private static final char[] SINGLE_OCTETS = singleOctets();

  /** Receives decoded chars. */
  public interface Sink {
    /** Receives the chars between position and limit. */
    void accept(CharBuffer chars);
  }

  private final Sink sink;
  private final ByteBuffer in;
  private final CharBuffer out;
  private CharsetDecoder decoder;

  /** Decodes to a sink, which receives the chars during {@link #feed} and {@link #end}. */
  public CharsetDecoding(Charset charset, Sink sink) {
    this(charset, sink, PIECE);
  }

  private CharsetDecoding(Charset charset, Sink sink, int piece) {
    this.sink = sink;
    this.in = ByteBuffer.allocate(piece);
    this.out = CharBuffer.allocate(piece);
    this.decoder = decoder(charset);
  }

  private static char[] singleOctets() {
    var octets = ByteBuffer.allocate(256);
    for (int octet = 0; octet < 256; octet++) {
      octets.put((byte) octet);
    }
    var chars = new char[256];
    Charsets.WINDOWS_1252.decode(octets.flip()).get(chars);
    return chars;
  }

  private static CharsetDecoder decoder(Charset charset) {
    return charset
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  /** Decodes all of the octets. */
  public static String text(byte[] octets, Charset charset) {
    var text = new StringBuilder();
    // A header may have tens of thousands of short words.
    int piece = Math.clamp(octets.length, LEAST, PIECE);
    var decoding = new CharsetDecoding(charset, text::append, piece);
    decoding.feed(octets);
    decoding.end();
    return text.toString();
  }

  /** Decodes the next octets. */
  public void feed(byte[] octets) {
    int at = 0;
    while (at < octets.length) {
      int length = Math.min(octets.length - at, in.remaining());
      in.put(octets, at, length);
      at += length;
      in.flip();
      decode(false);
      in.compact();
    }
  }

  /** Ends the octets; the sink receives what was held back. */
  public void end() {
    in.flip();
    decode(true);
    decoder.flush(out);
    drain();
    in.clear();
  }

  private void decode(boolean last) {
    while (true) {
      var result = step(last);
      drain();
      if (result.isUnderflow()) {
        return;
      }
      if (result.isError()) {
        replace(result.length());
      }
    }
  }

  private CoderResult step(boolean last) {
    try {
      return decoder.decode(in, out, last);
    } catch (CoderMalfunctionError _) {
      // Some decoders of the JDK fail on bad input: the rest is read octet by octet.
      decoder = decoder(StandardCharsets.ISO_8859_1);
      return CoderResult.OVERFLOW;
    }
  }

  private void replace(int octets) {
    boolean utf8 = decoder.charset().equals(StandardCharsets.UTF_8);
    for (int i = 0; i < octets; i++) {
      int octet = in.get() & 0xFF;
      out.put(utf8 ? SINGLE_OCTETS[octet] : 0xFFFD);
    }
    drain();
  }

  private void drain() {
    out.flip();
    sink.accept(out);
    out.clear();
  }
}
