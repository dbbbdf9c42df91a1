package io.postern.imap.grammar;

import io.postern.model.Uid;
import io.postern.wire.Literal;
import io.postern.wire.Request;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;

/**
 * A cursor over one complete command. Readers are named as in the ABNF of RFC 3501 §9; those that
 * begin with "try" tell whether it was there and else stay where they are, all others throw.
 *
 * <p>More is accepted than the ABNF says where clients err and nothing else can be meant: spaces at
 * the end of the command and before a closing parenthesis; octets above 127 in strings, which must
 * then be UTF-8 (RFC 9051 §4.3), and in unquoted mailbox names.
 */
public final class Arguments {
  /** What {@link #peek} gives at the end of the command. */
  public static final int END = -1;

  /** What {@link #peek} gives where a literal begins. */
  public static final int LITERAL = -2;

  /** How deep parentheses can be nested. */
  public static final int MAX_DEPTH = 50;

  /** How long a tag can be, in octets. */
  public static final int MAX_TAG = 128;

  private final Cursor cursor;
  private int depth;

  private Arguments(List<Buffer> texts, List<Literal> literals) {
    cursor = new Cursor(texts, literals);
  }

  /** At the first octet of the command: its tag. */
  public static Arguments of(Request request) {
    return new Arguments(request.texts(), request.literals());
  }

  /** The command as far as it is known: the announced literal is its {@link #END}. */
  public static Arguments of(Request.Head head) {
    return new Arguments(head.texts(), head.literals());
  }

  /** A text without literals, each char one octet (ISO 8859-1). */
  public static Arguments of(String latin1) {
    return new Arguments(List.of(Buffer.buffer(latin1, "ISO-8859-1")), List.of());
  }

  /** The octet the cursor is before, the command's first being 1; see {@link BadSyntax}. */
  public long position() {
    return cursor.position();
  }

  /** What to throw when this should be here and isn't: "a mailbox name". */
  public BadSyntax expected(String what) {
    return new BadSyntax(what, position());
  }

  /** The next octet, 0 to 255, or {@link #END} or {@link #LITERAL}. */
  public int peek() {
    return cursor.peek();
  }

  /** Nothing is left but spaces; many clients leave one behind the last argument. */
  public boolean atEnd() {
    return cursor.atEnd();
  }

  /** Nothing may be left but spaces. */
  public void end() throws BadSyntax {
    if (!atEnd()) {
      throw expected("the end of the command");
    }
  }

  /** One space, unless nothing but spaces follows to the end of the command. */
  public boolean trySpace() {
    return !atEnd() && cursor.tryOctet(' ');
  }

  /** One space with something behind it. */
  public void space() throws BadSyntax {
    if (!trySpace()) {
      throw expected("a space and another argument");
    }
  }

  /** This ASCII character. */
  public boolean tryOctet(char c) {
    return cursor.tryOctet(c);
  }

  /** This ASCII character, else what is named is missing. */
  public void octet(char c, String what) throws BadSyntax {
    if (!tryOctet(c)) {
      throw expected(what);
    }
  }

  /** An opening parenthesis, at most {@link #MAX_DEPTH} within one another. */
  public boolean tryOpenList() throws BadSyntax {
    if (peek() != '(') {
      return false;
    }
    if (depth == MAX_DEPTH) {
      throw expected("at most " + MAX_DEPTH + " nested lists");
    }
    depth++;
    return cursor.tryOctet('(');
  }

  /** An opening parenthesis, at most {@link #MAX_DEPTH} within one another. */
  public void openList() throws BadSyntax {
    if (!tryOpenList()) {
      throw expected("a list");
    }
  }

  /** A closing parenthesis, with spaces before it if the client wrote some. */
  public boolean tryCloseList() {
    int spaces = cursor.spaces();
    if (depth == 0 || cursor.peek(spaces) != ')') {
      return false;
    }
    depth--;
    cursor.skip(spaces + 1);
    return true;
  }

  /** A closing parenthesis, with spaces before it if the client wrote some. */
  public void closeList() throws BadSyntax {
    if (!tryCloseList()) {
      throw expected("the end of a list");
    }
  }

  /** {@code tag}: at most {@link #MAX_TAG} octets. */
  public String tag() throws BadSyntax {
    var tag = some(Octets::isTag, "a tag");
    if (tag.length() > MAX_TAG) {
      throw expected("a tag of at most " + MAX_TAG + " octets");
    }
    return tag;
  }

  private String some(IntPredicate octetClass, String what) throws BadSyntax {
    var text = cursor.runText(octetClass);
    if (text.isEmpty()) {
      throw expected(what);
    }
    return text;
  }

  /** The name of a command, in upper case. */
  public String verb() throws BadSyntax {
    return word("the name of a command");
  }

  /**
   * The name of a data item, key or option, in upper case: letters, digits, ".", "-" and "_". A "["
   * or anything else behind it is left to the caller.
   */
  public String word(String what) throws BadSyntax {
    return some(Octets::isWord, what).toUpperCase(Locale.ROOT);
  }

  /** This word, whatever its case, and not as the beginning of a longer one. */
  public boolean tryKeyword(String word) {
    return !Octets.isWord(cursor.peek(word.length())) && tryLetters(word);
  }

  /** These characters, whatever their case and whatever follows. */
  boolean tryLetters(String word) {
    return cursor.tryLetters(word);
  }

  /** This word, whatever its case. */
  public void keyword(String word) throws BadSyntax {
    if (!tryKeyword(word)) {
      throw expected(word);
    }
  }

  /** {@code atom}. */
  public String atom(String what) throws BadSyntax {
    return some(Octets::isAtom, what);
  }

  /** {@code number}: 0 to 4,294,967,295. */
  public long number() throws BadSyntax {
    return digits("a number", 0, Uid.MAX);
  }

  /** {@code nz-number}: 1 to 4,294,967,295. */
  public long nzNumber() throws BadSyntax {
    return digits("a number above 0", 1, Uid.MAX);
  }

  /** {@code number64}: 0 to 2^63 - 1 (RFC 9051 §9). */
  public long number64() throws BadSyntax {
    return digits("a number", 0, Long.MAX_VALUE);
  }

  /** Decimal digits whose value lies within the bounds. */
  long digits(String what, long least, long greatest) throws BadSyntax {
    var digits = some(Octets::isDigit, what);
    long value = 0;
    for (int i = 0; i < digits.length(); i++) {
      int digit = digits.charAt(i) - '0';
      if (value > (greatest - digit) / 10) {
        throw expected(what + " of at most " + greatest);
      }
      value = value * 10 + digit;
    }
    if (value < least) {
      throw expected(what);
    }
    return value;
  }

  /** NIL. */
  public boolean tryNil() {
    return !Octets.isAstring(cursor.peek(3)) && tryLetters("NIL");
  }

  /** {@code string} in UTF-8: quoted or a literal, without NUL. */
  public String string() throws BadSyntax {
    long start = position();
    return utf8(cursor.string("a string"), start);
  }

  /** {@code nstring} in UTF-8; empty for NIL. */
  public Optional<String> nstring() throws BadSyntax {
    return tryNil() ? Optional.empty() : Optional.of(string());
  }

  /** {@code astring} in UTF-8: an atom or a string. */
  public String astring() throws BadSyntax {
    return astring("a string");
  }

  /** {@code astring} in UTF-8, else what is named is missing. */
  public String astring(String what) throws BadSyntax {
    long start = position();
    return utf8(astringOctets(what), start);
  }

  /** {@code mailbox}. */
  public MailboxArgument mailbox() throws BadSyntax {
    return MailboxText.read(astringOctets("a mailbox name"));
  }

  /**
   * {@code list-mailbox}: a pattern, or the reference before it, in Unicode. Text that is not
   * modified UTF-7 stays as it is: no name is so.
   */
  public String listMailbox() throws BadSyntax {
    byte[] atom = cursor.run(Octets::isListChar);
    byte[] octets = atom.length > 0 ? atom : cursor.string("a mailbox name or pattern");
    return MailboxText.decode(octets)
        .orElseGet(() -> new String(octets, StandardCharsets.ISO_8859_1));
  }

  /** The literal that begins here, held or spooled. */
  public Optional<Literal> tryLiteral() {
    return peek() == LITERAL ? Optional.of(cursor.takeLiteral()) : Optional.empty();
  }

  /** The literal that begins here, held or spooled. */
  public Literal literal() throws BadSyntax {
    if (peek() != LITERAL) {
      throw expected("a literal");
    }
    return cursor.takeLiteral();
  }

  /** The octets of an {@code astring}. */
  byte[] astringOctets(String what) throws BadSyntax {
    byte[] atom = cursor.run(Octets::isAstring);
    return atom.length > 0 ? atom : cursor.string(what);
  }

  private static String utf8(byte[] octets, long start) throws BadSyntax {
    return Octets.decode(octets, StandardCharsets.UTF_8)
        .orElseThrow(() -> new BadSyntax("a string in UTF-8", start));
  }
}
