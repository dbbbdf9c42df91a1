package io.postern.sessions;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.mime.PartRange;
import io.postern.model.MimeFormat;
import io.postern.render.RenderedMessages;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * In each format a client is shown one message: its sizes, structure, parts, partial ranges and
 * searches agree with its octets, over IMAP and POP3.
 */
class ShownOctetsIT {
  private static final Pattern SIZE = Pattern.compile("RFC822\\.SIZE (\\d+)");
  private static final int LARGE = 30 * 1024 * 1024;

  /** The body of the large message is HTML. */
  private static final Set<MimeFormat> AS_STORED =
      EnumSet.of(MimeFormat.BEST_BODY_FORMAT, MimeFormat.HTML_ONLY);

  private static final List<String> MESSAGES =
      List.of(
          RenderedMessages.PLAIN,
          RenderedMessages.HTML,
          RenderedMessages.ALTERNATIVE,
          RenderedMessages.MIXED,
          RenderedMessages.INVITATION,
          RenderedMessages.CALENDAR_ALONE,
          RenderedMessages.ENRICHED,
          RenderedMessages.SIGNED,
          RenderedMessages.ENCRYPTED,
          RenderedMessages.OPENPGP,
          RenderedMessages.NESTED,
          RenderedMessages.BROKEN,
          RenderedMessages.HTML.replace("a <b>", "nul \0 <b>"),
          RenderedMessages.MIXED.replace("stays", "x".repeat(300_000) + "\n.stays"));

  private static Target target = new ForeignTarget("127.0.0.1:0");

  @BeforeAll
  static void start() {
    target = new MemoryTarget();
  }

  @AfterAll
  static void stop() {
    target.close();
  }

  private static void set(MimeFormat format, String... more) {
    var settings = new ArrayList<>(List.of(more));
    var name = format.name().toLowerCase(Locale.ROOT).replace('_', '-');
    for (var area : List.of("mail.imap", "mail.pop3")) {
      settings.add(area + ".message-retrieval-mime-format=" + name);
      settings.add(area + ".suppress-read-receipt=true");
    }
    target.set(settings);
  }

  private static String answer(ClientConnection wire) throws IOException {
    return wire.answer(Instant.now().plus(ScriptReader.PATIENCE));
  }

  /** The untagged answers to a command. */
  private static List<String> answers(ClientConnection wire, String command) throws IOException {
    wire.send("t " + command + "\r\n");
    var answers = new ArrayList<String>();
    for (var next = answer(wire); !next.startsWith("t "); next = answer(wire)) {
      answers.add(next);
    }
    return answers;
  }

  private static ClientConnection imap(Target.Login login) throws IOException {
    var wire = new ClientConnection(target.host(), target.imapPort());
    answer(wire);
    answers(wire, "LOGIN " + login.name() + " " + login.password());
    return wire;
  }

  private static void append(Target.Login login, Buffer message) throws IOException {
    try (var wire = imap(login)) {
      var octets = message.toString(ISO_8859_1);
      assertThat(answers(wire, "APPEND INBOX {" + octets.length() + "+}\r\n" + octets)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(MimeFormat.class)
  void allThatIsSaidOfAMessageAgrees(MimeFormat format) throws IOException {
    var login = target.account();
    for (var message : MESSAGES) {
      append(login, RenderedMessages.octets(message));
    }
    set(format);
    var shown = new ArrayList<String>();
    try (var wire = imap(login)) {
      var status = answers(wire, "STATUS INBOX (SIZE)").getFirst();
      answers(wire, "EXAMINE INBOX");
      var sizes = answers(wire, "FETCH 1:* (UID RFC822.SIZE)");
      assertThat(status)
          .endsWith("(SIZE " + sizes.stream().mapToInt(ShownOctetsIT::size).sum() + ")");
      for (int number = 1; number <= MESSAGES.size(); number++) {
        var octets = literal(wire, number, "BODY.PEEK[]");
        assertThat(size(sizes.get(number - 1))).isEqualTo(octets.length());
        agrees(wire, number, octets);
        shown.add(octets);
      }
    }
    maildropAgrees(login, shown);
  }

  private static int size(String answer) {
    var size = SIZE.matcher(answer);
    assertThat(size.find()).as(answer).isTrue();
    return Integer.parseInt(size.group(1));
  }

  /** The one string that a FETCH of one item returns. */
  private static String literal(ClientConnection wire, int number, String item) throws IOException {
    var answer = answers(wire, "FETCH " + number + " " + item).getFirst();
    int start = answer.indexOf("}\r\n");
    if (start >= 0) {
      return answer.substring(start + 3, answer.length() - 1);
    }
    return answer.substring(answer.indexOf('"') + 1, answer.lastIndexOf('"')).replace("\\\"", "\"");
  }

  private static void agrees(ClientConnection wire, int number, String octets) throws IOException {
    var facts = RenderedMessages.scan(Buffer.buffer(octets.getBytes(ISO_8859_1)));
    var said =
        answers(wire, "FETCH " + number + " (RFC822.SIZE ENVELOPE BODYSTRUCTURE)").getFirst();
    assertThat(said)
        .contains("RFC822.SIZE " + octets.length() + " ")
        .contains("ENVELOPE " + facts.envelope().toString(ISO_8859_1))
        .contains("BODYSTRUCTURE " + facts.bodyStructure().toString(ISO_8859_1));
    var header = literal(wire, number, "BODY.PEEK[HEADER]");
    assertThat(header + literal(wire, number, "BODY.PEEK[TEXT]")).isEqualTo(octets);
    var first = PartRange.find(facts.parts(), List.of(1), PartRange.Of.WHOLE).orElseThrow();
    assertThat(literal(wire, number, "BODY.PEEK[1]"))
        .isEqualTo(octets.substring(first.start(), first.end()));
    var random = new Random(number);
    for (int i = 0; i < 4; i++) {
      int from = random.nextInt(octets.length());
      int count = 1 + random.nextInt(octets.length());
      assertThat(literal(wire, number, "BODY.PEEK[]<" + from + "." + count + ">"))
          .isEqualTo(octets.substring(from, Math.min(octets.length(), from + count)));
    }
    var larger = "SEARCH " + number + " LARGER ";
    assertThat(answers(wire, larger + (octets.length() - 1))).containsExactly("* SEARCH " + number);
    assertThat(answers(wire, larger + octets.length())).containsExactly("* SEARCH");
    var smaller = "SEARCH " + number + " SMALLER ";
    assertThat(answers(wire, smaller + octets.length())).containsExactly("* SEARCH");
    assertThat(answers(wire, smaller + (octets.length() + 1)))
        .containsExactly("* SEARCH " + number);
  }

  private static void maildropAgrees(Target.Login login, List<String> shown) throws IOException {
    try (var wire = Pop3Client.reopened(target, login)) {
      long all = 0;
      for (int number = 1; number <= shown.size(); number++) {
        var lines = shown.get(number - 1).replace("\r\n", "\n").replace("\n", "\r\n");
        var octets = lines.endsWith("\r\n") ? lines : lines + "\r\n";
        all += octets.length();
        assertThat(Pop3Client.say(wire, "LIST " + number))
            .isEqualTo("+OK " + number + " " + octets.length());
        assertThat(Pop3Client.say(wire, "RETR " + number))
            .isEqualTo("+OK " + octets.length() + " octets");
        assertThat(dotted(wire)).isEqualTo(octets);
        Pop3Client.say(wire, "TOP " + number + " 0");
        assertThat(octets).startsWith(dotted(wire));
      }
      assertThat(Pop3Client.say(wire, "STAT")).isEqualTo("+OK " + shown.size() + " " + all);
    }
  }

  /** The lines of a multi-line answer, dots removed. */
  private static String dotted(ClientConnection wire) throws IOException {
    var text = new StringBuilder();
    for (var line = Pop3Client.line(wire); !line.equals("."); line = Pop3Client.line(wire)) {
      text.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
    }
    return text.toString();
  }

  /** What is searched is what is shown. */
  @Test
  void searchesWhatIsShown() throws IOException {
    var login = target.account();
    set(MimeFormat.BEST_BODY_FORMAT);
    append(login, RenderedMessages.octets(RenderedMessages.HTML));
    append(login, RenderedMessages.octets(RenderedMessages.PLAIN));
    set(MimeFormat.TEXT_ONLY);
    try (var wire = imap(login)) {
      answers(wire, "EXAMINE INBOX");
      assertThat(answers(wire, "SEARCH BODY \"a bold word\"")).containsExactly("* SEARCH 1");
      assertThat(answers(wire, "SEARCH BODY \"<b>\"")).containsExactly("* SEARCH");
      assertThat(answers(wire, "SEARCH HEADER Content-Type plain")).containsExactly("* SEARCH 1 2");
      assertThat(answers(wire, "SEARCH FROM ada")).containsExactly("* SEARCH 1 2");
      assertThat(answers(wire, "SORT (SIZE) US-ASCII ALL")).containsExactly("* SORT 2 1");
    }
    set(MimeFormat.HTML_ONLY);
    try (var wire = imap(login)) {
      answers(wire, "EXAMINE INBOX");
      assertThat(answers(wire, "SEARCH BODY \"<b>\"")).containsExactly("* SEARCH 1");
      assertThat(answers(wire, "SEARCH BODY \"pre-wrap\"")).containsExactly("* SEARCH 2");
    }
  }

  /** A session is shown the same to its end; the next one by the settings of then. */
  @Test
  void aSessionIsShownOneForm() throws IOException {
    var login = target.account();
    append(login, RenderedMessages.octets(RenderedMessages.HTML));
    set(MimeFormat.TEXT_ONLY);
    try (var wire = imap(login)) {
      answers(wire, "EXAMINE INBOX");
      var before = literal(wire, 1, "BODY.PEEK[]");
      set(MimeFormat.BEST_BODY_FORMAT);
      assertThat(literal(wire, 1, "BODY.PEEK[]")).isEqualTo(before);
      try (var next = imap(login)) {
        answers(next, "EXAMINE INBOX");
        assertThat(literal(next, 1, "BODY.PEEK[]"))
            .isEqualTo(RenderedMessages.octets(RenderedMessages.HTML).toString(ISO_8859_1));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(MimeFormat.class)
  void alsoOfLargeMessages(MimeFormat format) throws IOException {
    var login = target.account();
    set(MimeFormat.BEST_BODY_FORMAT);
    var large =
        RenderedMessages.octets(
                RenderedMessages.MIXED.replace(
                    "JVBERi0=", "JVBERi0xLjQKJcfsj6I=\n".repeat(LARGE / 22)))
            .toString(ISO_8859_1);
    append(login, Buffer.buffer(large, "ISO-8859-1"));
    set(format);
    try (var wire = imap(login)) {
      answers(wire, "EXAMINE INBOX");
      int size = size(answers(wire, "FETCH 1 RFC822.SIZE").getFirst());
      assertThat(size == large.length()).isEqualTo(AS_STORED.contains(format));
      int middle = size / 2;
      var part = literal(wire, 1, "BODY.PEEK[]<" + middle + ".100000>");
      var end = literal(wire, 1, "BODY.PEEK[]<" + (size - 40) + ".100>");
      assertThat(end).hasSize(40);
      wire.send("u FETCH 1 BODY.PEEK[]\r\nv LOGOUT\r\n");
      var sent = wire.rest();
      int start = sent.indexOf("{" + size + "}\r\n") + ("{" + size + "}\r\n").length();
      assertThat(sent.substring(start + size)).startsWith(")\r\nu OK");
      var octets = sent.substring(start, start + size);
      // Not by assertThat of the strings, which would print 30 MiB.
      assertThat(octets.substring(middle, middle + 100_000).equals(part)).isTrue();
      assertThat(octets).endsWith(end);
    }
    try (var wire = Pop3Client.reopened(target, login)) {
      var said = Pop3Client.say(wire, "LIST 1");
      wire.send("RETR 1\r\nQUIT\r\n");
      var sent = wire.rest();
      int octets = Integer.parseInt(said.substring("+OK 1 ".length()));
      var status = "+OK " + octets + " octets\r\n";
      assertThat(sent).startsWith(status);
      assertThat(sent.substring(status.length() + octets)).startsWith(".\r\n+OK");
    }
  }
}
