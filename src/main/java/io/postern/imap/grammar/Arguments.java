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
 * A cursor over one complete command. Readers are named as in the ABNF of RFC 3501 §9. Those that
 * begin with "try" return whether the text was there, and else do not move; all others throw.
 *
 * <p>Accepts more than the ABNF where clients err and the meaning is clear: spaces at the end of
 * the command and before a closing parenthesis; octets above 127 in strings, which must then be
 * UTF-8 (RFC 9051 §4.3), and in unquoted mailbox names.
 */
public final class Arguments {
  /** The result of {@link #peek} at the end of the command. */
  public static final int END = -1;

  /** The result of {@link #peek} where a literal begins. */
  public static final int LITERAL = -2;

  /** Greatest depth of nested parentheses. */
  public static final int MAX_DEPTH = 50;

  /** Longest tag, in octets. */
  public static final int MAX_TAG = 128;

  private final Cursor cursor;
  private int depth;
  private boolean utf8Names;

  private Arguments(Cursor cursor) {
    this.cursor = cursor;
  }

  private Arguments(List<Buffer> texts, List<Literal> literals) {
    this(new Cursor(texts, literals));
  }

  /** A cursor at the first octet of the command: its tag. */
  public static Arguments of(Request request) {
    return new Arguments(request.texts(), request.literals());
  }

  /** A cursor over the incomplete command: the announced literal is its {@link #END}. */
  public static Arguments of(Request.Head head) {
    return new Arguments(head.texts(), head.literals());
  }

  /** A cursor over a text without literals, each char one octet (ISO 8859-1). */
  public static Arguments of(String latin1) {
    return new Arguments(List.of(Buffer.buffer(latin1, "ISO-8859-1")), List.of());
  }

  /** Another cursor at the same place; the two move apart. */
  public Arguments fork() {
    var fork = new Arguments(cursor.fork());
    fork.depth = depth;
    fork.utf8Names = utf8Names;
    return fork;
  }

  /** Whether mailbox names are read as UTF-8, rather than modified UTF-7 (RFC 6855 §3). */
  public Arguments utf8Names(boolean read) {
    utf8Names = read;
    return this;
  }

  /** Position of the next octet, the command's first being 1; see {@link BadSyntax}. */
  public long position() {
    return cursor.position();
  }

  /** The exception for a missing element, such as "a mailbox name". */
  public BadSyntax expected(String what) {
    return new BadSyntax(what, position());
  }

  /** The next octet, 0 to 255, or {@link #END} or {@link #LITERAL}. */
  public int peek() {
    return cursor.peek();
  }

  /** Whether only spaces are left; many clients leave one behind the last argument. */
  public boolean atEnd() {
    return cursor.atEnd();
  }

  /** Requires that only spaces are left. */
  public void end() throws BadSyntax {
    if (!atEnd()) {
      throw expected("the end of the command");
    }
  }

  /** Reads one space, unless only spaces follow to the end of the command. */
  public boolean trySpace() {
    return !atEnd() && cursor.tryOctet(' ');
  }

  /** Reads one space, which must not be the end of the command. */
  public void space() throws BadSyntax {
    if (!trySpace()) {
      throw expected("a space and another argument");
    }
  }

  /** Reads this ASCII character. */
  public boolean tryOctet(char c) {
    return cursor.tryOctet(c);
  }

  /** Reads this ASCII character, or throws that the named element is missing. */
  public void octet(char c, String what) throws BadSyntax {
    if (!tryOctet(c)) {
      throw expected(what);
    }
  }

  /** Reads an opening parenthesis; at most {@link #MAX_DEPTH} are nested. */
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

  /** Reads an opening parenthesis; at most {@link #MAX_DEPTH} are nested. */
  public void openList() throws BadSyntax {
    if (!tryOpenList()) {
      throw expected("a list");
    }
  }

  /** Reads a closing parenthesis, and spaces before it. */
  public boolean tryCloseList() {
    int spaces = cursor.spaces();
    if (depth == 0 || cursor.peek(spaces) != ')') {
      return false;
    }
    depth--;
    cursor.skip(spaces + 1);
    return true;
  }

  /** Reads a closing parenthesis, and spaces before it. */
  public void closeList() throws BadSyntax {
    if (!tryCloseList()) {
      throw expected("the end of a list");
    }
  }

  /** Reads {@code tag}: at most {@link #MAX_TAG} octets. */
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

  /** Reads the name of a command, in upper case. */
  public String verb() throws BadSyntax {
    return word("the name of a command");
  }

  /**
   * Reads the name of a data item, key or option, in upper case: letters, digits, ".", "-" and "_".
   * The caller reads a "[" or anything else behind it.
   */
  public String word(String what) throws BadSyntax {
    return some(Octets::isWord, what).toUpperCase(Locale.ROOT);
  }

  /** Reads this whole word in any case; the beginning of a longer word does not match. */
  public boolean tryKeyword(String word) {
    return !Octets.isWord(cursor.peek(word.length())) && tryLetters(word);
  }

  /** Reads these characters in any case, whatever follows. */
  boolean tryLetters(String word) {
    return cursor.tryLetters(word);
  }

  /** Reads this word in any case. */
  public void keyword(String word) throws BadSyntax {
    if (!tryKeyword(word)) {
      throw expected(word);
    }
  }

  /** Reads {@code atom}. */
  public String atom(String what) throws BadSyntax {
    return some(Octets::isAtom, what);
  }

  /** Reads {@code number}: 0 to 4,294,967,295. */
  public long number() throws BadSyntax {
    return digits("a number", 0, Uid.MAX);
  }

  /** Reads {@code number64}: 0 to 2^63 - 1 (RFC 9051 §9). */
  public long number64() throws BadSyntax {
    return digits("a number", 0, Long.MAX_VALUE);
  }

  /** Reads decimal digits whose value lies within the bounds. */
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

  /** Reads NIL. */
  public boolean tryNil() {
    return !Octets.isAstring(cursor.peek(3)) && tryLetters("NIL");
  }

  /** Reads {@code string} in UTF-8: quoted or a literal, without NUL. */
  public String string() throws BadSyntax {
    long start = position();
    return utf8(cursor.string("a string"), start);
  }

  /** Reads {@code nstring} in UTF-8; empty for NIL. */
  public Optional<String> nstring() throws BadSyntax {
    return tryNil() ? Optional.empty() : Optional.of(string());
  }

  /** Reads {@code nstring}, or a literal8, of any octets; empty for NIL (RFC 5464 §5, value). */
  public Optional<Buffer> value() throws BadSyntax {
    if (tryNil()) {
      return Optional.empty();
    }
    return Optional.of(
        peek() == LITERAL && cursor.takeLiteral() instanceof Literal.Held(var octets)
            ? octets
            : Buffer.buffer(cursor.string("a value")));
  }

  /** Reads {@code mailbox}; empty for the empty string, which some commands mean the server by. */
  public Optional<MailboxArgument> mailboxOrServer() throws BadSyntax {
    if (fork().astringOctets("a mailbox name").length > 0) {
      return Optional.of(mailbox());
    }
    astringOctets("a mailbox name");
    return Optional.empty();
  }

  /** Reads {@code astring} in UTF-8: an atom or a string. */
  public String astring() throws BadSyntax {
    return astring("a string");
  }

  /** Reads {@code astring} in UTF-8, or throws that the named element is missing. */
  public String astring(String what) throws BadSyntax {
    long start = position();
    return utf8(astringOctets(what), start);
  }

  /** Reads {@code mailbox}. */
  public MailboxArgument mailbox() throws BadSyntax {
    long start = position();
    byte[] octets = astringOctets("a mailbox name");
    return utf8Names ? MailboxText.named(utf8(octets, start)) : MailboxText.read(octets);
  }

  /**
   * Reads {@code list-mailbox}, a pattern or the reference before it, to Unicode. Text that is not
   * modified UTF-7 stays as it is: it matches no name.
   */
  public String listMailbox() throws BadSyntax {
    long start = position();
    byte[] atom = cursor.run(Octets::isListChar);
    byte[] octets = atom.length > 0 ? atom : cursor.string("a mailbox name or pattern");
    if (utf8Names) {
      return utf8(octets, start);
    }
    return MailboxText.decode(octets)
        .orElseGet(() -> new String(octets, StandardCharsets.ISO_8859_1));
  }

  /** Reads the literal that begins here, held or spooled. */
  public Literal literal() throws BadSyntax {
    if (peek() != LITERAL) {
      throw expected("a literal");
    }
    return cursor.takeLiteral();
  }

  /** Reads the octets of an {@code astring}. */
  byte[] astringOctets(String what) throws BadSyntax {
    byte[] atom = cursor.run(Octets::isAstring);
    return atom.length > 0 ? atom : cursor.string(what);
  }

  private static String utf8(byte[] octets, long start) throws BadSyntax {
    return Octets.decode(octets, StandardCharsets.UTF_8)
        .orElseThrow(() -> new BadSyntax("a string in UTF-8", start));
  }
}
