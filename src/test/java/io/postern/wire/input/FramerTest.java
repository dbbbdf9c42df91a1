package io.postern.wire.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.wire.limits.CommandLimits;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;

class FramerTest {
  private static final int SKIPPED_TEXT = 2000;
  private static final int SKIPPED_LITERALS = 100;

  private final Framer framer = new Framer(start -> start.toString().startsWith("long "));

  @Test
  void aLineEndsInCrlfOrInABareLineFeed() {
    feed("one\r\ntwo\n\r\n");
    assertThat(next()).isEqualTo(line("one"));
    assertThat(next()).isEqualTo(line("two"));
    assertThat(next()).isEqualTo(line(""));
    assertThat(next()).isEqualTo(new Frame.More());
  }

  @Test
  void aLineMayHaveAsManyOctetsAsTheLimit() {
    feed("0123456789\r\n0123456789\n");
    assertThat(next(10)).isEqualTo(line("0123456789"));
    assertThat(next(10)).isEqualTo(line("0123456789"));
  }

  @Test
  void aLineLongerByOneIsSkippedToItsEnd() {
    feed("01234567890\r\n01234567890\nnext\r\n");
    assertThat(next(10)).isEqualTo(tooLong("0123456789"));
    assertThat(next(10)).isEqualTo(tooLong("0123456789"));
    assertThat(next(10)).isEqualTo(line("next"));
  }

  @Test
  void aCommandThatMayBeLongHasAnotherLimit() {
    feed("long 7890123456789012\r\nnext\r\n");
    assertThat(next(10)).isEqualTo(new Frame.TooLong(20, text("long 789012345678901")));
    assertThat(next(10)).isEqualTo(line("next"));
    feed("long 789012345678901\r\n");
    assertThat(next(10)).isEqualTo(line("long 789012345678901"));
    feed("long 789");
    feed("01234567890");
    assertThat(next(10)).isEqualTo(new Frame.More());
    feed("\r\n01234567890\r\n");
    assertThat(next(10)).isEqualTo(line("long 78901234567890"));
    assertThat(next(10)).isEqualTo(tooLong("0123456789"));
  }

  @Test
  void theLimitIsOnAllLinesOfACommandTogether() {
    feed("aa {1+}\r\nxbbb\r\n");
    assertThat(next(10)).isInstanceOf(Frame.Head.class);
    framer.takeLiteral();
    assertThat(next()).isEqualTo(new Frame.Part(Buffer.buffer("x"), true));
    assertThat(next(10)).isEqualTo(line("bbb"));
    feed("aa {1+}\r\nxbbbb\r\n");
    assertThat(next(10)).isInstanceOf(Frame.Head.class);
    framer.takeLiteral();
    assertThat(next()).isEqualTo(new Frame.Part(Buffer.buffer("x"), true));
    assertThat(next(10)).isEqualTo(tooLong("bbb"));
    feed("0123456789\r\n");
    assertThat(next(10)).isEqualTo(line("0123456789"));
  }

  @Test
  void theLiteralsOfAnOverlongLineAreNotReadAsCommands() {
    feed("0123456789abc {13+}\r\nx1 DELETE a\r\n{3+}\r\ny\r\n z\r\nnext\r\n");
    assertThat(next(10)).isEqualTo(tooLong("0123456789"));
    assertThat(next(10)).isEqualTo(line("next"));
  }

  @Test
  void announcementsOfEveryKind() {
    assertThat(announced("a {12}\r\n")).isEqualTo(new Frame.Head(text("a "), 12, true, false));
    assertThat(announced("a {12+}\r\n")).isEqualTo(new Frame.Head(text("a "), 12, false, false));
    assertThat(announced("a ~{0}\n")).isEqualTo(new Frame.Head(text("a "), 0, true, true));
    assertThat(announced("~{7+}\r\n")).isEqualTo(new Frame.Head(text(""), 7, false, true));
  }

  @Test
  void whatOnlyLooksLikeAnAnnouncementIsText() {
    for (var text : new String[] {"{}", "{+}", "a}", "{1", "{-1}", "{1-}", "{1} ", "{a}", "}"}) {
      feed(text + "\r\n");
      assertThat(next()).isEqualTo(line(text));
    }
  }

  @Test
  void withoutLiteralsAnAnnouncementIsText() {
    feed("{3}\r\n");
    assertThat(framer.next(limits(100), false)).isEqualTo(line("{3}"));
  }

  @Test
  void aSizeBeyondAllNumbersIsTheGreatest() {
    var most = Long.toString(Long.MAX_VALUE);
    assertThat(announced("a {9223372036854775806}\n").size()).isEqualTo(Long.MAX_VALUE - 1);
    assertThat(announced("a {" + most + "}\n").size()).isEqualTo(Long.MAX_VALUE);
    assertThat(announced("a {9223372036854775808}\n").size()).isEqualTo(Long.MAX_VALUE);
    assertThat(announced("a {" + "9".repeat(80) + "+}\n").size()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aRefusedCommandIsSkippedWithAllItsLiterals() {
    feed("a {5+}\r\nx\r\nyz{0+}\r\n{2+}\r\n\n\n end\r\nnext\r\n");
    assertThat(next()).isInstanceOf(Frame.Head.class);
    framer.skipCommand();
    assertThat(next()).isEqualTo(new Frame.Skipped());
    assertThat(next()).isEqualTo(line("next"));
  }

  @Test
  void aRefusedCommandEndsWhereTheClientWaits() {
    feed("a {1+}\r\nx {2}\r\nnext\r\n");
    assertThat(next()).isInstanceOf(Frame.Head.class);
    framer.skipCommand();
    assertThat(next()).isEqualTo(new Frame.Skipped());
    assertThat(next()).isEqualTo(line("next"));
  }

  @Test
  void dataEndsAtALineWithASingleDot() {
    assertThat(data("one\r\n..two\r\n.three\r\n.\r\n")).isEqualTo("one\r\n.two\r\nthree\r\n");
    assertThat(data(".\r\n")).isEmpty();
    assertThat(data("..\r\n.\r\n")).isEqualTo(".\r\n");
    assertThat(data("a\r\n.\rb\r\n.\r\n")).isEqualTo("a\r\n\rb\r\n");
    assertThat(data("a\r\r\n.\r\n")).isEqualTo("a\r\r\n");
  }

  @Test
  void aBareLineFeedDoesNotEndData() {
    assertThat(data("a\n.\nb\n.\r\nc\r\n.\nd\r.\r\n\r\n.\r\n"))
        .isEqualTo("a\n.\nb\n.\r\nc\r\n\nd\r.\r\n\r\n");
  }

  private String data(String stuffed) {
    framer.takeData();
    feed(stuffed + "NEXT\r\n");
    var text = new StringBuilder();
    while (next() instanceof Frame.Part(var bytes, boolean last)) {
      text.append(bytes);
      if (last) {
        break;
      }
    }
    assertThat(next()).isEqualTo(line("NEXT"));
    return text.toString();
  }

  private Frame.Head announced(String line) {
    framer.clear();
    feed(line);
    return (Frame.Head) next();
  }

  private Frame next() {
    return next(1000);
  }

  private Frame next(int line) {
    return framer.next(limits(line), true);
  }

  private static CommandLimits limits(int line) {
    return new CommandLimits(line, 2 * line, SKIPPED_TEXT, SKIPPED_LITERALS);
  }

  private void feed(String text) {
    framer.feed(Buffer.buffer(text));
  }

  private static Frame tooLong(String start) {
    return new Frame.TooLong(10, text(start));
  }

  private static Frame line(String text) {
    return new Frame.Line(text(text));
  }

  private static Buffer text(String text) {
    return Buffer.buffer(text);
  }
}
