package io.postern.wire.input;

/** The phase of a connection. */
public enum Phase {
  /** {@code AdmissionControl} decides about the connection. */
  ARRIVING,
  /** Between commands, or within the lines of one. */
  TEXT,
  /** The session decides about a literal. */
  DECIDING,
  /** A literal is being received. */
  LITERAL,
  /** A refused command is being received. */
  REFUSED,
  /** A command runs. */
  RUNNING,
  /** A command runs and waits for a line. */
  LINE,
  /** A command runs and reads message data. */
  DATA,
  /** A command has run; the client must take its output before the next. */
  ROOM,
  /** A command has run; the next one is delayed because of the work done for this client. */
  PAUSED,
  /** The client is connected with another server; see {@code Connection.pipe}. */
  PIPED,
  /** The stream is switched to another stage, such as TLS. */
  SWITCHING,
  /** The connection is closed. */
  CLOSED;

  /** Whether the client may be silent for as long as its session allows. */
  public boolean quiet() {
    return switch (this) {
      case TEXT, LINE, PIPED -> true;
      case ARRIVING, DECIDING, LITERAL, REFUSED, RUNNING, DATA, ROOM, PAUSED, SWITCHING, CLOSED ->
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
      case TEXT, LINE, REFUSED, PIPED -> true;
      case LITERAL, DATA -> !busy;
      case ARRIVING, DECIDING, RUNNING, ROOM, PAUSED, SWITCHING, CLOSED -> false;
    };
  }

  /** Whether the server works on what the client sent, and the client cannot speed it up. */
  public boolean serverActs() {
    return switch (this) {
      case DECIDING, RUNNING -> true;
      case ARRIVING, TEXT, LITERAL, REFUSED, LINE, DATA, ROOM, PAUSED, PIPED, SWITCHING, CLOSED ->
          false;
    };
  }

  /** Whether no command runs, or the running one waits for the client, as IDLE does. */
  public boolean rests() {
    return switch (this) {
      case ARRIVING, TEXT, LINE, PAUSED, PIPED, CLOSED -> true;
      case DECIDING, LITERAL, REFUSED, RUNNING, DATA, ROOM, SWITCHING -> false;
    };
  }
}
