package io.postern.admin.cli.output;

import io.postern.transfer.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/**
 * Prints how far a transfer is: on a terminal one line that is written anew, else a line from time
 * to time.
 */
public final class ProgressLine implements Progress {
  private static final int WIDTH = 30;
  private static final Duration ON_TERMINAL = Duration.ofMillis(200);
  private static final Duration IN_FILE = Duration.ofSeconds(10);
  private static final double MEBI = 1 << 20;

  private final PrintWriter out;
  private final String label;
  private final boolean terminal;
  private long shown;

  /**
   * @param label what is transferred, for a person
   */
  public ProgressLine(PrintWriter out, String label, boolean terminal) {
    this.out = out;
    this.label = label;
    this.terminal = terminal;
    this.shown = System.nanoTime();
  }

  @Override
  public void done(double fraction, Count count) {
    long now = System.nanoTime();
    if (now - shown >= (terminal ? ON_TERMINAL : IN_FILE).toNanos()) {
      shown = now;
      show(fraction, count);
    }
  }

  /** Shows the end. */
  public void finish(Count count) {
    show(1, count);
    if (terminal) {
      out.println();
    }
  }

  private void show(double fraction, Count count) {
    var line = text(label, fraction, count);
    if (terminal) {
      out.print("\r" + line);
      out.flush();
    } else {
      out.println(line);
    }
  }

  static String text(String label, double fraction, Progress.Count count) {
    int full = (int) Math.round(fraction * WIDTH);
    return String.format(
        Locale.ROOT,
        "%s [%s%s] %3d %%  %,d messages, %,.1f MiB",
        label,
        "#".repeat(full),
        ".".repeat(WIDTH - full),
        Math.round(fraction * 100),
        count.read(),
        count.octets() / MEBI);
  }
}
