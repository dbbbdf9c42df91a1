package io.postern.wire;

/** What is under way on a connection. */
enum Phase {
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
  boolean quiet() {
    return switch (this) {
      case TEXT, LINE -> true;
      case ARRIVING, DECIDING, LITERAL, REFUSED, RUNNING, DATA, ROOM, PAUSED, HANDSHAKE, CLOSED ->
          false;
    };
  }

  /** Whether the server works on what the client sent, and the client can do nothing about it. */
  boolean serverActs() {
    return switch (this) {
      case DECIDING, RUNNING -> true;
      case ARRIVING, TEXT, LITERAL, REFUSED, LINE, DATA, ROOM, PAUSED, HANDSHAKE, CLOSED -> false;
    };
  }

  /** Whether no command runs, or the one that does waits for the client, as IDLE does. */
  boolean rests() {
    return switch (this) {
      case ARRIVING, TEXT, LINE, PAUSED, CLOSED -> true;
      case DECIDING, LITERAL, REFUSED, RUNNING, DATA, ROOM, HANDSHAKE -> false;
    };
  }
}
