package io.postern.image;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.graalvm.nativeimage.c.function.CFunction;
import org.graalvm.word.PointerBase;
import org.graalvm.word.UnsignedWord;
import org.graalvm.word.WordFactory;

/**
 * The pages of a native executable that only its start needed: code and constants that were read
 * once and are never changed. The kernel maps a page again when it is accessed, from the page cache
 * as long as memory is not short. Not for the JVM: the package lacks the native-image classes.
 */
public final class ExecutablePages {
  private static final Logger LOG = System.getLogger(ExecutablePages.class.getName());

  /** The memory mappings of this process and their contents: proc_pid_smaps(5). */
  private static final Path MAPPINGS = Path.of("/proc/self/smaps");

  /** Fields of private pages that the process has changed, in memory or swapped out; not 0 then. */
  private static final List<String> PRIVATE_FIELDS = List.of("Anonymous:", "Swap:");

  /** The last field of a mapping. */
  private static final String LAST = "VmFlags:";

  /** MADV_COLD and MADV_DONTNEED of madvise(2). */
  private static final List<Integer> ADVICE = List.of(20, 4);

  /** A range of addresses. */
  record Range(long begin, long end) {
    long octets() {
      return end - begin;
    }
  }

  private ExecutablePages() {}

  /** Releases these pages. */
  public static void drop() {
    try {
      var executable = Path.of("/proc/self/exe").toRealPath().toString();
      var unchanged = unchanged(Files.readAllLines(MAPPINGS), executable);
      unchanged.forEach(range -> ADVICE.forEach(advice -> advise(range, advice)));
      LOG.log(
          Level.DEBUG,
          "{0} octets of the executable were released; they are mapped again on demand",
          unchanged.stream().mapToLong(Range::octets).sum());
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "the start's pages are kept: {0}", e.getMessage());
    }
  }

  /** The read-only mappings of a file that have no page changed by this process. */
  static List<Range> unchanged(List<String> smaps, String file) {
    var found = new ArrayList<Range>();
    Range current = null;
    for (var line : smaps) {
      var words = line.split(" +", -1);
      if (words[0].contains("-")) {
        boolean ofExecutable =
            words.length == 6 && words[5].equals(file) && !words[1].contains("w");
        current = ofExecutable ? range(words[0]) : null;
      } else if (current != null && PRIVATE_FIELDS.contains(words[0]) && !words[1].equals("0")) {
        current = null;
      } else if (current != null && words[0].equals(LAST)) {
        found.add(current);
      }
    }
    return found;
  }

  private static Range range(String words) {
    int dash = words.indexOf('-');
    return new Range(
        Long.parseUnsignedLong(words.substring(0, dash), 16),
        Long.parseUnsignedLong(words.substring(dash + 1), 16));
  }

  private static void advise(Range range, int advice) {
    madvise(WordFactory.pointer(range.begin()), WordFactory.unsigned(range.octets()), advice);
  }

  @CFunction
  private static native int madvise(PointerBase address, UnsignedWord length, int advice);
}
