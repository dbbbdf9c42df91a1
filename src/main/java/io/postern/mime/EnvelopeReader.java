package io.postern.mime;

import io.postern.mime.Envelope.Address;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads an envelope from its wire form, {@link Envelope#wire}. */
public final class EnvelopeReader {
  private final byte[] wire;
  private int at;

  private EnvelopeReader(byte[] wire) {
    this.wire = wire;
  }

  /**
   * The envelope of a wire form that this server has written.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Envelope read(Buffer wire) {
    return new EnvelopeReader(wire.getBytes()).envelope();
  }

  private Envelope envelope() {
    expect('(');
    var date = string();
    var subject = string();
    var lists = new ArrayList<List<Address>>();
    for (int i = 0; i < 6; i++) {
      lists.add(addresses());
    }
    return new Envelope(
        date,
        subject,
        lists.get(0),
        lists.get(1),
        lists.get(2),
        lists.get(3),
        lists.get(4),
        lists.get(5),
        string(),
        string());
  }

  private List<Address> addresses() {
    skipSpace();
    var addresses = new ArrayList<Address>();
    if (isNil()) {
      return addresses;
    }
    expect('(');
    while (wire[at] == '(') {
      expect('(');
      addresses.add(new Address(string(), string(), string(), string()));
      expect(')');
    }
    expect(')');
    return addresses;
  }

  private Optional<String> string() {
    skipSpace();
    if (isNil()) {
      return Optional.empty();
    }
    return Optional.of(wire[at] == '{' ? literal() : quoted());
  }

  private String quoted() {
    expect('"');
    var text = new StringBuilder();
    while (wire[at] != '"') {
      at += wire[at] == '\\' ? 1 : 0;
      text.append((char) (wire[at++] & 0xFF));
    }
    expect('"');
    return text.toString();
  }

  private String literal() {
    expect('{');
    int length = 0;
    while (wire[at] != '}') {
      length = length * 10 + wire[at++] - '0';
    }
    at += "}\r\n".length();
    var text = new String(wire, at, length, StandardCharsets.ISO_8859_1);
    at += length;
    return text;
  }

  private boolean isNil() {
    boolean nil = wire[at] == 'N';
    at += nil ? "NIL".length() : 0;
    return nil;
  }

  private void skipSpace() {
    at += wire[at] == ' ' ? 1 : 0;
  }

  private void expect(char c) {
    if (at >= wire.length || wire[at] != c) {
      throw new IllegalArgumentException("no envelope: expected " + c + " at " + at);
    }
    at++;
  }
}
