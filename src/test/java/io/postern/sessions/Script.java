package io.postern.sessions;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A dialogue of clients and a server.
 *
 * @param file where it was read
 * @param title its first comment
 * @param mailboxes made in the account before it begins, as they stand on the wire
 * @param messages put into INBOX before it begins: a count, or names of files
 * @param sessions the clients that are there when it begins
 * @param login whether they log in before it begins
 * @param ours whether it rests on a choice that other servers need not make: {@code only: postern}
 * @param settings in force while it runs, {@code key=value}
 * @param given changes of its accounts before the clients connect; words of {@link AccountSetup}
 * @param turns what happens
 */
record Script(
    Path file,
    String title,
    List<String> mailboxes,
    List<String> messages,
    List<Client> sessions,
    boolean login,
    boolean ours,
    List<String> settings,
    List<String> given,
    List<Turn> turns) {
  /**
   * One of the clients.
   *
   * @param name a capital letter
   * @param account which of the script's accounts it uses, from 1
   * @param protocol {@code imap}, {@code pop3} or {@code lmtp}
   */
  record Client(String name, int account, String protocol) {}

  /** One step. */
  sealed interface Turn {
    int line();

    String session();
  }

  /** The client sends a line. */
  record Say(int line, String session, List<Piece> pieces) implements Turn {}

  /** The client does something that is no line. */
  record Act(int line, String session, Action action) implements Turn {}

  /** The client shakes hands for TLS and shows a certificate of this user. */
  record Certified(int line, String session, String user) implements Turn {}

  /** The client logs in by a mechanism whose messages must be computed. */
  record Authenticate(int line, String session, List<String> words) implements Turn {}

  /** The server answers; nothing else may come, unless a line says so. */
  record Hear(int line, String session, Duration limit, List<Expected> lines) implements Turn {}

  /** What a client can do but talk. */
  enum Action {
    /** Shakes hands for TLS. */
    STARTTLS,
    /** Compresses from now on. */
    DEFLATE,
    /**
     * Sends the end of what is compressed; the server has to do the same before its next answer.
     */
    PLAIN,
    /** Drops the connection without a word. */
    DROP,
    /** Connects (again). */
    CONNECT,
    /** Logs in as at the beginning of a script. */
    LOGIN
  }

  /** A part of what a client sends. */
  sealed interface Piece {
    String octets();
  }

  /** Sent as it is. */
  record Plain(String octets) implements Piece {}

  /** Sent as a literal, with its length before it. */
  record Literal(String octets, boolean waits) implements Piece {}

  /** A line that a script expects, or allows. */
  sealed interface Expected {
    int line();
  }

  /** This answer; an optional one may stay away. */
  record Line(int line, String text, boolean optional) implements Expected {}

  /** Other untagged answers may stand here. */
  record Others(int line) implements Expected {}

  /** The server closes the connection. */
  record Closed(int line) implements Expected {}
}
