package io.postern.mime.text;

/**
 * A subject without what replies, forwards and mailing lists add to it (RFC 5256 §2.1).
 *
 * @param text the base subject, perhaps empty
 * @param isReply whether it was that of a reply or a forward
 */
public record StrippedSubject(String text, boolean isReply) {
  /**
   * The base of a subject.
   *
   * @param subject the field's value, encoded words and all
   */
  public static StrippedSubject of(String subject) {
    return new Extraction(collapsed(HeaderText.decode(subject))).run();
  }

  /** Tabs, line ends and runs of spaces become one space. */
  private static String collapsed(String text) {
    var result = new StringBuilder(text.length());
    boolean space = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
      if (!blank || !space) {
        result.append(blank ? ' ' : c);
      }
      space = blank;
    }
    return result.toString();
  }

  /** The procedure of RFC 5256 §2.1 on the part of a subject that is left; linear in its length. */
  private static final class Extraction {
    private static final String FORWARDED = "(fwd)";
    private static final String HEADER = "[fwd:";

    private final String text;
    private int start;
    private int end;
    private boolean reply;

    /** No blobs before this are followed by a subj-refwd. */
    private int blobsTried;

    Extraction(String text) {
      this.text = text;
      this.end = text.length();
    }

    StrippedSubject run() {
      do {
        removeTrailers();
        removeLeaders();
      } while (removeForward());
      return new StrippedSubject(text.substring(start, end), reply);
    }

    /** Step 2: subj-trailer. */
    private void removeTrailers() {
      boolean more = true;
      while (more) {
        int before = end;
        if (end > start && text.charAt(end - 1) == ' ') {
          end--;
        } else if (isAt(end - FORWARDED.length(), FORWARDED)) {
          end -= FORWARDED.length();
          reply = true;
        }
        more = end < before;
      }
    }

    /** Steps 3 to 5: subj-leader, and subj-blob unless nothing would be left. */
    private void removeLeaders() {
      int before;
      do {
        before = start;
        if (start < end && text.charAt(start) == ' ') {
          start++;
        } else if (!removeReply()) {
          int behind = behindBlob(start);
          start = behind < end ? behind : start;
        }
      } while (start > before);
    }

    /** *subj-blob subj-refwd */
    private boolean removeReply() {
      if (start < blobsTried) {
        return false;
      }
      int at = start;
      for (int behind = behindBlob(at); behind > at; behind = behindBlob(at)) {
        at = behind;
      }
      int behind = behindReply(at);
      if (behind < 0) {
        blobsTried = at;
        return false;
      }
      start = behind;
      reply = true;
      return true;
    }

    /** The place behind a subj-refwd; negative if there is none. */
    private int behindReply(int from) {
      int at = from;
      if (isAt(at, "re")) {
        at += 2;
      } else if (isAt(at, "fwd")) {
        at += 3;
      } else if (isAt(at, "fw")) {
        at += 2;
      } else {
        return -1;
      }
      at = behindBlob(behindSpace(at));
      return isAt(at, ":") ? at + 1 : -1;
    }

    /** The place behind a subj-blob; the same place if there is none. */
    private int behindBlob(int from) {
      if (!isAt(from, "[")) {
        return from;
      }
      int at = from + 1;
      while (at < end && text.charAt(at) != '[' && text.charAt(at) != ']') {
        at++;
      }
      return isAt(at, "]") ? behindSpace(at + 1) : from;
    }

    private int behindSpace(int from) {
      return isAt(from, " ") ? from + 1 : from;
    }

    /** Step 6: subj-fwd-hdr and subj-fwd-trl. */
    private boolean removeForward() {
      if (!isAt(start, HEADER) || text.charAt(end - 1) != ']') {
        return false;
      }
      start += HEADER.length();
      end--;
      blobsTried = start;
      reply = true;
      return true;
    }

    private boolean isAt(int at, String lowerCase) {
      return at >= start
          && at + lowerCase.length() <= end
          && text.regionMatches(true, at, lowerCase, 0, lowerCase.length());
    }
  }
}
