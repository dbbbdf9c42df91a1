package io.postern.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.sessions.Script.Hear;
import io.postern.sessions.Script.Line;
import io.postern.sessions.Script.Say;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptReaderTest {
  private static Script read(String text) {
    return ScriptReader.read(Path.of("a.session"), text.lines().toList());
  }

  @Test
  void aStory() {
    var script =
        read(
            """
            # A story.
            rfc: 3501 §6.1.2
            messages: 2 plain.eml
            sessions: A B:2
            A: a1 APPEND INBOX +{{{
            one

            }}} x
               ...
               ? * 3 EXISTS
               a1 OK ...
            wait: 2s
            B:
               * 1 EXISTS
            """);
    assertThat(script.title()).isEqualTo("A story.");
    assertThat(script.messages()).containsExactly("2", "plain.eml");
    assertThat(script.sessions().get(1).account()).isEqualTo(2);
    assertThat(script.turns()).hasSize(3);
    var say = (Say) script.turns().getFirst();
    assertThat(say.pieces())
        .isEqualTo(
            List.of(
                new Script.Plain("a1 APPEND INBOX "),
                new Script.Literal("one\r\n\r\n", false),
                new Script.Plain(" x")));
    var heard = (Hear) script.turns().get(1);
    assertThat(heard.lines().get(1)).isEqualTo(new Line(10, "* 3 EXISTS", true));
    assertThat(((Hear) script.turns().get(2)).limit()).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void octetsByNumber() {
    var script = read("A: x {{{\\xe9}}}");
    var say = (Say) script.turns().getFirst();
    assertThat(say.pieces().get(1).octets()).isEqualTo("\u00e9");
  }

  @Test
  void whatIsNoScriptIsRefusedWithItsLine() {
    assertThatThrownBy(() -> read("A: a1 NOOP\nhallo: x")).hasMessageContaining("a.session:2");
    assertThatThrownBy(() -> read("# nothing")).hasMessageContaining("no turns");
    assertThatThrownBy(() -> read("A: a1 X {{{\nabc")).hasMessageContaining("stays open");
  }

  @Test
  void everyScriptOfTheHouseReads() {
    for (var file : Scripts.below(Scripts.ROOT)) {
      var script = ScriptReader.read(file);
      assertThat(script.title()).as("%s begins with a comment", file).isNotEmpty();
      for (var turn : script.turns()) {
        if (turn instanceof Hear(_, var session, _, var lines)) {
          var imap =
              script.sessions().stream()
                  .anyMatch(c -> c.name().equals(session) && c.protocol().equals("imap"));
          lines.stream()
              .filter(line -> imap && line instanceof Line)
              .forEach(line -> assertThat(Answer.parse(((Line) line).text())).isNotNull());
        }
      }
    }
  }
}
