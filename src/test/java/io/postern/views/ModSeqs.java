package io.postern.views;

import java.util.regex.Pattern;

/** The mod-sequence up to which a client knows all changes, by the rules of RFC 7162 §6. */
final class ModSeqs {
  private static final Pattern CODE = Pattern.compile("[*t] OK \\[HIGHESTMODSEQ (\\d+)\\].*");
  private static final Pattern SHOWN = Pattern.compile("\\* \\d+ FETCH \\(.*MODSEQ \\((\\d+)\\).*");
  private static final Pattern UIDVALIDITY = Pattern.compile("\\* OK \\[UIDVALIDITY (\\d+)\\].*");

  private long highest;
  private long uidValidity;

  /** Since the last tagged line; 0 for none. */
  private long code;

  private long shown;

  long highest() {
    return highest;
  }

  long uidValidity() {
    return uidValidity;
  }

  void hear(String line) {
    var validity = UIDVALIDITY.matcher(line);
    var highestModSeq = CODE.matcher(line);
    var fetch = SHOWN.matcher(line);
    if (validity.matches()) {
      uidValidity = Long.parseLong(validity.group(1));
    } else if (highestModSeq.matches()) {
      code = Long.parseLong(highestModSeq.group(1));
    } else if (fetch.matches()) {
      shown = Math.max(shown, Long.parseLong(fetch.group(1)));
    }
    if (line.startsWith("t ")) {
      highest = code > 0 ? code : Math.max(highest, shown);
      code = 0;
      shown = 0;
    }
  }

  /** What was heard since the last tagged line counts no more. */
  void forgetUnfinished() {
    code = 0;
    shown = 0;
  }
}
