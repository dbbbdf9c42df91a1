package io.postern.mime;

import io.postern.mime.Envelope.Address;
import io.postern.mime.header.AsciiSet;
import io.postern.mime.header.FieldCursor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * Parses the address list of a header field (RFC 5322 §3.4, obsolete forms §4.4), and recovers what
 * it can from a malformed one. Never fails; linear in the text.
 */
public final class AddressList implements Iterator<Address> {
  /** Most addresses parsed of one field; no envelope holds more. */
  static final int MAX_ADDRESSES = 4_096;

  private static final AsciiSet WORD_STOPS = AsciiSet.of(" \t\"(<@:;,");
  private static final AsciiSet PHRASE_STOPS = AsciiSet.of("<@:;,");
  private static final AsciiSet LOCAL_STOPS = AsciiSet.of(" \t\"(@>");
  private static final AsciiSet DOMAIN_STOPS = AsciiSet.of(" \t(<>;,");
  private static final AsciiSet ROUTE_STOPS = AsciiSet.of(":>");
  private static final AsciiSet LITERAL_STOPS = AsciiSet.of("]>");
  private static final AsciiSet ANGLE = AsciiSet.of(">");

  private final FieldCursor in;
  private final List<Address> out = new ArrayList<>();
  private boolean inGroup;

  private AddressList(String value) {
    this.in = new FieldCursor(value);
  }

  /** Parses the addresses of an unfolded value, with markers at both ends of groups. */
  static List<Address> parse(String value) {
    var list = read(value);
    while (!list.in.done() && list.out.size() < MAX_ADDRESSES) {
      list.one();
    }
    list.endGroup();
    return List.copyOf(list.out);
  }

  /** The same addresses one by one: each is parsed on demand. */
  public static AddressList read(String value) {
    return new AddressList(value);
  }

  @Override
  public boolean hasNext() {
    while (out.isEmpty() && !in.done()) {
      one();
    }
    if (out.isEmpty()) {
      endGroup();
    }
    return !out.isEmpty();
  }

  @Override
  public Address next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return out.removeFirst();
  }

  private void one() {
    in.takeComment();
    var words = words();
    char c = in.done() ? ',' : in.next();
    switch (c) {
      case '<' -> angle(words);
      case '@' -> plain(words);
      case ':' -> group(words);
      case ';' -> {
        bare(words);
        endGroup();
      }
      default -> bare(words);
    }
  }

  /** Reads atoms and quoted strings up to a special that ends a phrase, joined by one space. */
  private String words() {
    var words = new StringBuilder();
    while (true) {
      boolean space = in.skipCfws();
      if (in.done() || PHRASE_STOPS.contains(in.peek())) {
        return words.toString();
      }
      if (space && !words.isEmpty()) {
        words.append(' ');
      }
      words.append(in.peek() == '"' ? in.quoted() : in.until(WORD_STOPS));
    }
  }

  // RFC 5322 §3.4: group
  private void group(String name) {
    if (!inGroup && !name.isEmpty()) {
      inGroup = true;
      out.add(Address.groupStart(name));
    }
  }

  private void endGroup() {
    if (inGroup) {
      inGroup = false;
      out.add(Address.GROUP_END);
    }
  }

  /** Adds a phrase without an address: a local name, as old mailers wrote it. */
  private void bare(String words) {
    if (!words.isEmpty()) {
      out.add(Address.of(in.takeComment(), "", words, ""));
    }
  }

  // RFC 5322 §3.4.1: addr-spec, its name in a comment at the end (RFC 5322 §4, examples)
  private void plain(String local) {
    var domain = domain();
    var junk = words();
    if (in.peek() == '<') {
      in.next();
      angle((local + '@' + domain + ' ' + junk).strip());
      return;
    }
    out.add(Address.of(in.takeComment(), "", closeUp(local), domain));
  }

  // RFC 5322 §3.4: angle-addr, §4.4: obs-route
  private void angle(String name) {
    in.skipCfws();
    var route = "";
    if (in.peek() == '@') {
      route = closeUp(in.until(ROUTE_STOPS));
      if (in.peek() == ':') {
        in.next();
      } else {
        addAngle(name, "", "", route.substring(1));
        return;
      }
    }
    var local = local();
    var domain = "";
    if (in.peek() == '@') {
      in.next();
      domain = domain();
    }
    addAngle(name, route, local, domain);
  }

  private void addAngle(String name, String route, String local, String domain) {
    in.until(ANGLE);
    if (!in.done()) {
      in.next();
    }
    passJunk();
    out.add(Address.of(name.isEmpty() ? in.takeComment() : name, route, local, domain));
  }

  /** Skips words between an address's end and the next comma. */
  private void passJunk() {
    int here = in.position();
    words();
    if (!in.done() && in.peek() != ',' && in.peek() != ';') {
      in.back(here);
    }
  }

  private String local() {
    var local = new StringBuilder();
    while (true) {
      in.skipCfws();
      if (in.done() || in.peek() == '@' || in.peek() == '>') {
        return local.toString();
      }
      local.append(in.peek() == '"' ? in.quoted() : in.until(LOCAL_STOPS));
    }
  }

  /** Reads a domain; white space may only stand around its dots (RFC 5322 §4.4). */
  private String domain() {
    var domain = new StringBuilder();
    while (true) {
      in.skipCfws();
      boolean joins = domain.isEmpty() || domain.charAt(domain.length() - 1) == '.';
      if (in.done() || DOMAIN_STOPS.contains(in.peek()) || !(joins || in.peek() == '.')) {
        return domain.toString();
      }
      if (in.peek() == '[') {
        domain.append(in.until(LITERAL_STOPS));
        if (in.peek() == ']') {
          domain.append(in.next());
        }
      } else {
        domain.append(in.until(DOMAIN_STOPS));
      }
    }
  }

  private static String closeUp(String text) {
    if (text.indexOf(' ') < 0 && text.indexOf('\t') < 0) {
      return text;
    }
    var closed = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!FieldCursor.isSpace(c) || !nearDotOrComma(text, i)) {
        closed.append(c);
      }
    }
    return closed.toString();
  }

  private static boolean nearDotOrComma(String text, int i) {
    boolean before = i == 0 || ".,".indexOf(text.charAt(i - 1)) >= 0;
    boolean behind = i + 1 == text.length() || ".,@".indexOf(text.charAt(i + 1)) >= 0;
    return before || behind;
  }
}
