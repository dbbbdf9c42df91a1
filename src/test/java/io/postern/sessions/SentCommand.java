package io.postern.sessions;

import java.util.Locale;
import java.util.Set;

/**
 * A command that a client sent.
 *
 * @param tag its tag
 * @param verb in capitals, without UID
 * @param byUid whether UID stood before it in the script
 * @param translated whether it was sent with UIDs in place of sequence numbers
 * @param text the script's line up to the first literal
 */
record SentCommand(String tag, String verb, boolean byUid, boolean translated, String text) {
  static final SentCommand NONE = new SentCommand("", "", false, false, "");

  /** Whether its results have sequence numbers in the script and UIDs on the wire. */
  boolean mapped() {
    return translated && !byUid;
  }

  static SentCommand of(String line) {
    var words = line.split(" ", 4);
    if (words.length < 2) {
      return NONE;
    }
    var first = words[1].toUpperCase(Locale.ROOT);
    var byUid = first.equals("UID") && words.length > 2;
    var verb = byUid ? words[2].toUpperCase(Locale.ROOT) : first;
    return new SentCommand(words[0], verb, byUid, false, line);
  }

  SentCommand asTranslated() {
    return new SentCommand(tag, verb, byUid, true, text);
  }

  /** Whether it opens a mailbox. */
  boolean selects() {
    return verb.equals("SELECT") || verb.equals("EXAMINE");
  }

  boolean logsIn() {
    return verb.equals("LOGIN") || verb.equals("AUTHENTICATE");
  }

  boolean searches() {
    return Set.of("SEARCH", "SORT", "THREAD").contains(verb);
  }

  /** Whether its results have the form that SEARCH always had. */
  boolean plainSearch() {
    return verb.equals("SEARCH") && !capitals().contains("RETURN ");
  }

  /** Whether its results are followed, with items of new messages (RFC 5267 §4.3). */
  boolean updates() {
    return capitals().contains("UPDATE (");
  }

  /** Whether its FETCH responses show flags because it names them. */
  boolean fetchesFlags() {
    return fetches("FLAGS") || fetches("ALL") || fetches("FAST") || fetches("FULL");
  }

  /** Whether it is a FETCH of this item. */
  boolean fetches(String item) {
    return verb.equals("FETCH") && names(item);
  }

  /** Whether the word stands behind its first argument. */
  boolean names(String word) {
    var words = capitals().split(" ", byUid ? 5 : 4);
    return words[words.length - 1].matches("(?s)(.*[ (])?" + word + "([ )].*)?");
  }

  private String capitals() {
    return text.toUpperCase(Locale.ROOT);
  }
}
