package io.postern.sessions;

import java.io.IOException;
import java.util.List;

/**
 * How a client speaks IMAP otherwise than its script: what it sends in place of the script's
 * commands, and how the responses to it are read as those that the script expects.
 */
interface Dialect {
  /** The script's own words. */
  Dialect PLAIN = new Dialect() {};

  /** After a login outside the script's lines, once its response has come. */
  default void loggedIn(ScriptClient client) throws IOException {}

  /** Before the client sends a line of the script. */
  default void beforeLine(ScriptClient client) throws IOException {}

  /**
   * What is sent in place of the line.
   *
   * @param whole whether it ends here, and not in a literal
   */
  default String line(ScriptClient client, String line, boolean whole) throws IOException {
    return line;
  }

  /**
   * The response as the script would have it; none for one that the script knows nothing of.
   *
   * @throws AssertionError when it must not come
   */
  default List<Answer> read(String raw) {
    return List.of(Answer.parse(raw));
  }

  /** The forms in which a response may be the expected one: the first that matches counts. */
  default List<Answer> forms(Answer answer) {
    return List.of(answer);
  }

  /** What a script expects, without what is not sent to this client. */
  default List<Answer> expected(Answer expected) {
    return List.of(expected);
  }

  /** Whether a response may come although the script does not name it. */
  default boolean mayCome(Answer answer) {
    return false;
  }

  /** Whether this end of a command stands for the expected one. */
  default boolean ends(Answer expected, Answer answer) {
    return false;
  }
}
