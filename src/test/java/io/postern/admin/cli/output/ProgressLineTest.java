package io.postern.admin.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.transfer.Progress.Count;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** What a person sees of a transfer. */
class ProgressLineTest {
  private static final Count HALF = new Count(1_500, 1_000, 499, 1, 3 << 19);

  private final StringWriter out = new StringWriter();

  @Test
  void aLineTellsPartMessagesAndOctets() {
    assertThat(ProgressLine.text("INBOX", 0.5, HALF))
        .isEqualTo("INBOX [###############...............]  50 %  1,500 messages, 1.5 MiB");
    assertThat(ProgressLine.text("x", 0, Count.NONE)).contains("[..............................]");
    assertThat(ProgressLine.text("x", 1, HALF)).contains("[##############################] 100 %");
  }

  @Test
  void onATerminalTheLineIsWrittenAnew() {
    var line = new ProgressLine(new PrintWriter(out, true), "INBOX", true);
    line.finish(HALF);
    assertThat(out.toString()).startsWith("\rINBOX [###").endsWith(" MiB" + System.lineSeparator());
  }

  @Test
  void inAFileTheEndIsALine() {
    var line = new ProgressLine(new PrintWriter(out, true), "INBOX", false);
    line.done(0.5, HALF);
    line.finish(HALF);
    assertThat(out.toString().lines()).hasSize(1).first().asString().startsWith("INBOX [###");
  }
}
