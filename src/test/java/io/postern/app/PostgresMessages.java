package io.postern.app;

import io.vertx.core.buffer.Buffer;

/**
 * Cuts one direction of a connection into messages (PostgreSQL manual, "Message Formats"): a type,
 * a length that counts itself, and a body.
 */
final class PostgresMessages {
  /** The type of the first message of a client, which has none. */
  static final char STARTUP = 0;

  private static final int LENGTH = 4;

  /** Receives the messages in their order. */
  interface Sink {
    /**
     * Receives one.
     *
     * @param type a letter, or {@link #STARTUP}
     */
    void message(char type, Buffer body);
  }

  private final Sink sink;
  private boolean typed;
  private Buffer rest = Buffer.buffer();

  /**
   * Cuts a direction from its first octet on.
   *
   * @param typed whether already the first message has a type, as a server's has
   */
  PostgresMessages(boolean typed, Sink sink) {
    this.typed = typed;
    this.sink = sink;
  }

  /** Takes octets as they come. */
  void take(Buffer octets) {
    rest = rest.copy().appendBuffer(octets);
    int at = 0;
    for (int end = end(at); end <= rest.length(); end = end(at)) {
      var type = typed ? (char) rest.getByte(at) : STARTUP;
      int body = body(at);
      typed = true;
      sink.message(type, rest.getBuffer(body, end));
      at = end;
    }
    rest = rest.getBuffer(at, rest.length());
  }

  /** Where the body of the message begins. */
  private int body(int at) {
    return at + LENGTH + (typed ? 1 : 0);
  }

  /** Where the message ends; beyond what there is, as long as its length has not come. */
  private int end(int at) {
    int body = body(at);
    return body > rest.length() ? Integer.MAX_VALUE : body + rest.getInt(body - LENGTH) - LENGTH;
  }

  /** The text of a body from there to its zero octet. */
  static String text(Buffer body, int from) {
    int end = from;
    while (body.getByte(end) != 0) {
      end++;
    }
    return body.getString(from, end);
  }
}
