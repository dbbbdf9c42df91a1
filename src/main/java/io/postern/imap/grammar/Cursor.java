package io.postern.imap.grammar;

import io.postern.wire.Literal;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;

/** A cursor over the octets of one command: pieces of text with a literal between each two. */
final class Cursor {
  private final List<Buffer> texts;
  private final List<Literal> literals;
  private int piece;
  private byte[] text;
  private int at;

  /** Octets of the pieces and literals before this piece. */
  private long before;

  Cursor(List<Buffer> texts, List<Literal> literals) {
    this.texts = texts;
    this.literals = literals;
    this.text = texts.getFirst().getBytes();
  }

  /** Another cursor at the same place. */
  Cursor fork() {
    var fork = new Cursor(texts, literals);
    fork.piece = piece;
    fork.text = text;
    fork.at = at;
    fork.before = before;
    return fork;
  }

  /** Position of the next octet, the command's first being 1. */
  long position() {
    return before + at + 1;
  }

  int peek() {
    if (at < text.length) {
      return text[at] & 0xFF;
    }
    return piece < literals.size() ? Arguments.LITERAL : Arguments.END;
  }

  /** The octet that many places ahead in the same piece; a space when there is none. */
  int peek(int ahead) {
    return at + ahead < text.length ? text[at + ahead] & 0xFF : ' ';
  }

  /** Whether only spaces are left. */
  boolean atEnd() {
    return piece == literals.size() && spaces() == text.length - at;
  }

  /** Number of spaces that come next. */
  int spaces() {
    int end = at;
    while (end < text.length && text[end] == ' ') {
      end++;
    }
    return end - at;
  }

  /** Advances by this many octets, at most to the end of the piece. */
  void skip(int octets) {
    at += octets;
  }

  boolean tryOctet(char c) {
    if (peek() != c) {
      return false;
    }
    at++;
    return true;
  }

  /** Reads these characters in any case, whatever follows. */
  boolean tryLetters(String word) {
    int end = at + word.length();
    if (end > text.length) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (Octets.upper(text[at + i]) != Octets.upper(word.charAt(i))) {
        return false;
      }
    }
    at = end;
    return true;
  }

  /** Reads all following octets of the class, perhaps none. */
  byte[] run(IntPredicate octetClass) {
    int start = at;
    while (octetClass.test(peek())) {
      at++;
    }
    return Arrays.copyOfRange(text, start, at);
  }

  /** Reads all following octets of an ASCII class, perhaps none. */
  String runText(IntPredicate octetClass) {
    int start = at;
    while (octetClass.test(peek())) {
      at++;
    }
    return new String(text, start, at - start, StandardCharsets.ISO_8859_1);
  }

  /** Reads the literal that begins here. */
  Literal takeLiteral() {
    var literal = literals.get(piece);
    before += text.length + literal.size();
    piece++;
    text = texts.get(piece).getBytes();
    at = 0;
    return literal;
  }

  /** Reads the octets of a string. */
  byte[] string(String what) throws BadSyntax {
    if (peek() == '"') {
      return quoted();
    }
    long start = position();
    if (peek() == Arguments.LITERAL && takeLiteral() instanceof Literal.Held(var bytes)) {
      byte[] octets = bytes.getBytes();
      for (byte octet : octets) {
        if (octet == 0) {
          throw new BadSyntax(what + " without NUL", start);
        }
      }
      return octets;
    }
    throw new BadSyntax(what, start);
  }

  private byte[] quoted() throws BadSyntax {
    at++;
    byte[] octets = new byte[closingQuote() - at];
    int length = 0;
    while (text[at] != '"') {
      if (text[at] == '\\') {
        at++;
      }
      octets[length++] = text[at++];
    }
    at++;
    return length == octets.length ? octets : Arrays.copyOf(octets, length);
  }

  /** Position of the closing quote. Requires quotable characters, escaped only where needed. */
  private int closingQuote() throws BadSyntax {
    for (int end = at; end < text.length; end++) {
      byte c = text[end];
      if (c == '"') {
        return end;
      }
      if (c == 0 || c == '\r' || c == '\n') {
        throw new BadSyntax("a character that can be quoted", before + end + 1);
      }
      if (c == '\\') {
        end++;
        if (end == text.length || (text[end] != '"' && text[end] != '\\')) {
          throw new BadSyntax("a quote or a backslash behind a backslash", before + end + 1);
        }
      }
    }
    throw new BadSyntax("a closing quote", before + text.length + 1);
  }
}
