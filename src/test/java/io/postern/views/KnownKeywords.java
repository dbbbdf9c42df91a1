package io.postern.views;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The keywords that a client may see on messages (RFC 3501 §7.2.6). */
final class KnownKeywords {
  private static final Pattern FLAGS = Pattern.compile("\\* FLAGS \\((.*)\\)");
  private static final Pattern OF_MESSAGE =
      Pattern.compile("\\* \\d+ FETCH \\(.*\\bFLAGS \\(([^)]*)\\).*");

  private final Set<String> announced = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  /** Checks that a message has announced keywords only. */
  void hear(String line, Supplier<String> story) {
    var flags = FLAGS.matcher(line);
    if (flags.matches()) {
      announced.clear();
      announced.addAll(Arrays.asList(flags.group(1).split(" ", -1)));
    }
    var shown = OF_MESSAGE.matcher(line);
    if (shown.matches()) {
      assertThat(shown.group(1).split(" ", -1))
          .as(story)
          .allMatch(flag -> flag.isEmpty() || flag.startsWith("\\") || announced.contains(flag));
    }
  }
}
