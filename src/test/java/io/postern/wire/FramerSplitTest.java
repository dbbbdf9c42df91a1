package io.postern.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.property.Gen;
import io.postern.property.Property;
import io.postern.wire.input.Frame;
import io.postern.wire.input.Framer;
import io.postern.wire.limits.CommandLimits;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The framer finds the same frames however the octets are split. */
class FramerSplitTest {
  private static final CommandLimits LIMITS = new CommandLimits(24, 32, 40, 20);

  private static final Gen<String> PIECES =
      Gen.of(
          List.of(
              "a1 NOOP\r\n",
              "b LOGIN ",
              "\n",
              "\r",
              "\r\n",
              ".",
              "\r\n.\r\n",
              "{0}",
              "{3}",
              "{7+}\r\n",
              "~{2+}\r\n",
              "~{1}\r\n",
              "{99999999999999999999}",
              "{12+}\n",
              "{+}",
              "{}",
              "xyz",
              "}",
              "\0\377",
              "{1+}\r\nq{2+}\r\n",
              "averylongwordwithoutanend",
              "{0000005+}\r\n",
              "..\r\n"));

  private record Story(String bytes, long seed, boolean data) {}

  private static final Gen<Story> STORIES =
      (random, size) ->
          new Story(Gen.text(PIECES).make(random, size), random.nextLong(), random.nextInt(4) == 0);

  @Test
  void anyCutGivesTheSameFrames() {
    Property.forAll(
        "cuts",
        20_000,
        STORIES,
        story -> {
          var whole = frames(List.of(story.bytes), story);
          assertThat(frames(cut(story), story)).isEqualTo(whole);
          assertThat(frames(List.of(story.bytes.split("(?<=.)", -1)), story)).isEqualTo(whole);
        });
  }

  private static List<String> cut(Story story) {
    var random = new SplittableRandom(story.seed);
    var pieces = new ArrayList<String>();
    int at = 0;
    while (at < story.bytes.length()) {
      int to = Math.min(story.bytes.length(), at + 1 + random.nextInt(9));
      pieces.add(story.bytes.substring(at, to));
      at = to;
    }
    return pieces;
  }

  /** What is found, the parts of a literal joined; literals are decided by their size. */
  private static List<String> frames(List<String> pieces, Story story) {
    var framer = new Framer(start -> start.toString().startsWith("b LOGIN"));
    if (story.data) {
      framer.takeData();
    }
    var found = new ArrayList<String>();
    var parts = new StringBuilder();
    for (var piece : pieces) {
      framer.feed(Buffer.buffer(piece.getBytes(StandardCharsets.ISO_8859_1)));
      boolean more = true;
      while (more) {
        var frame = framer.next(LIMITS, true);
        more = found(framer, frame, found, parts);
        if (frame instanceof Frame.Endless) {
          // Input behind it is not read.
          return found;
        }
      }
    }
    found.add("then " + parts);
    return found;
  }

  private static boolean found(
      Framer framer, Frame frame, List<String> found, StringBuilder parts) {
    switch (frame) {
      case Frame.More() -> {
        return false;
      }
      case Frame.Line(var text) -> found.add("line " + latin1(text));
      case Frame.TooLong(int limit, var start) -> found.add("over " + limit + latin1(start));
      case Frame.Endless(int limit, var start) -> found.add("endless " + limit + latin1(start));
      case Frame.Skipped() -> found.add("skipped");
      case Frame.Part(var bytes, boolean last) -> {
        parts.append(latin1(bytes));
        if (last) {
          found.add("literal " + parts);
          parts.setLength(0);
        }
      }
      case Frame.Head head -> {
        found.add("head " + latin1(head.text()) + head.size() + head.synchronizing());
        decide(framer, head);
      }
    }
    return true;
  }

  private static void decide(Framer framer, Frame.Head head) {
    if (head.size() < 5) {
      framer.takeLiteral();
    } else if (head.synchronizing()) {
      framer.dropCommand();
    } else {
      framer.skipCommand();
    }
  }

  private static String latin1(Buffer bytes) {
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }
}
