package io.postern.wire.input;

/** What is under way on a connection. */
public enum Phase {
  /** The doorman is asked. */
  ARRIVING,
  /** Between commands, or within the lines of one. */
  TEXT,
  /** The session says what is done with a literal. */
  DECIDING,
  /** A literal comes. */
  LITERAL,
  /** A refused command comes. */
  REFUSED,
  /** A command runs. */
  RUNNING,
  /** A command runs and waits for a line. */
  LINE,
  /** A command runs and takes message data. */
  DATA,
  /** A command has run; its output must be taken before the next. */
  ROOM,
  /** A command has run; so much work was done for this client that the next one waits. */
  PAUSED,
  /** TLS begins. */
  HANDSHAKE,
  /** The connection ends. */
  CLOSED;

  /** Whether a client may be silent as long as its session allows. */
  public boolean quiet() {
    return switch (this) {
      case TEXT, LINE -> true;
      case ARRIVING, DECIDING, LITERAL, REFUSED, RUNNING, DATA, ROOM, PAUSED, HANDSHAKE, CLOSED ->
          false;
    };
  }

  /**
   * Whether it is the client's turn to send.
   *
   * @param busy whether the sink of the literal or data has not taken the last piece yet
   */
  public boolean waitsForClient(boolean busy) {
    return switch (this) {
      case TEXT, LINE, REFUSED -> true;
      case LITERAL, DATA -> !busy;
      case ARRIVING, DECIDING, RUNNING, ROOM, PAUSED, HANDSHAKE, CLOSED -> false;
    };
  }

  /** Whether the server works on what the client sent, and the client can do nothing about it. */
  public boolean serverActs() {
    return switch (this) {
      case DECIDING, RUNNING -> true;
      case ARRIVING, TEXT, LITERAL, REFUSED, LINE, DATA, ROOM, PAUSED, HANDSHAKE, CLOSED -> false;
    };
  }

  /** Whether no command runs, or the one that does waits for the client, as IDLE does. */
  public boolean rests() {
    return switch (this) {
      case ARRIVING, TEXT, LINE, PAUSED, CLOSED -> true;
      case DECIDING, LITERAL, REFUSED, RUNNING, DATA, ROOM, HANDSHAKE -> false;
    };
  }
}
