package io.postern.transfer.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the writer of a format wrote, its reader reads octet by octet, with flags and date. */
class ArchiveRoundTripTest {
  /** The formats. */
  enum Format {
    MBOX,
    MAILDIR,
    TAR
  }

  private record Message(String octets, List<String> flags, OffsetDateTime date) {
    @Override
    public String toString() {
      return octets.length() > 60 ? octets.length() + " octets" : octets;
    }
  }

  private static final OffsetDateTime DATE = OffsetDateTime.parse("2024-02-29T23:59:58+05:30");

  @TempDir Path directory;

  private static Message message(String octets, String... flags) {
    return new Message(octets, List.of(flags), DATE);
  }

  private static List<Message> odd() {
    var all = new ArrayList<Message>();
    for (var octets :
        List.of(
            "",
            "\n",
            "\r\n",
            "\r",
            "\r\r\n",
            "\r\n\r\n",
            "a",
            "a\r\n",
            "a\n",
            "a\r",
            "a\r\r\n",
            "a\nb\r\n",
            "Subject: x\r\n\r\nFrom here\r\n",
            "From a@b Thu Jan  1 00:00:00 1970\r\n\r\nFrom the first line\r\n",
            "a\r\n\r\nFrom x\r\n>From y\r\n>>>From z\r\n> From w\r\nFrom",
            "a\r\n\r\n>",
            "a\r\n\r\n>>>>From",
            "a\r\n\r\nFro\r\nm ",
            "a\n\nFrom b\n\nFrom c\n",
            "Status: RO\r\nX-Status: F\r\nX-Keywords: own\r\n\r\nbody\r\n",
            "X-Postern-Octets: 5 crlf\r\n\r\nbody\r\n",
            "body\r\n\r\n\r\n\r\n",
            "\r\n\r\n\r\nbody",
            "eight bits: \u00e4\u00ff\u0080\r\n",
            "x".repeat(200_000) + "\r\n" + ">".repeat(100_000) + "From me\r\n",
            "y".repeat(Spool.IN_MEMORY),
            "z\r\n".repeat(Spool.IN_MEMORY / 2))) {
      all.add(message(octets));
    }
    all.add(message("all\r\n", "\\Seen", "\\Answered", "\\Flagged", "\\Deleted", "\\Draft"));
    all.add(message("keywords\r\n", "\\Flagged", "$Junk", "my-own", "$Forwarded"));
    all.add(new Message("west\r\n", List.of(), OffsetDateTime.parse("1999-12-31T00:00:00-03:30")));
    all.add(new Message("old\r\n", List.of(), OffsetDateTime.parse("1970-01-01T00:00:00Z")));
    return all;
  }

  @ParameterizedTest
  @EnumSource
  void oddMessagesAreReadAsTheyWereWritten(Format format) throws IOException {
    check(format, odd());
  }

  @ParameterizedTest
  @EnumSource
  void randomMessagesAreReadAsTheyWereWritten(Format format) throws IOException {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var parts =
        List.of("From ", "From", ">", "\r", "\n", "\r\n", "\n\n", "\r\n\r\n", "x", "Status: R");
    var all = new ArrayList<Message>();
    for (int i = 0; i < 400; i++) {
      var text = new StringBuilder();
      for (int j = random.nextInt(20); j > 0; j--) {
        text.append(parts.get(random.nextInt(parts.size())));
      }
      all.add(message(text.toString()));
    }
    try {
      check(format, all);
    } catch (AssertionError e) {
      throw new AssertionError("seed " + seed, e);
    }
  }

  private void check(Format format, List<Message> all) throws IOException {
    var file = directory.resolve("archive");
    try (var writer = writer(format, file)) {
      for (int i = 0; i < all.size(); i++) {
        write(writer, i + 1, all.get(i));
      }
    }
    try (var reader = reader(format, file)) {
      for (var message : all) {
        try (var read = reader.next().orElseThrow()) {
          assertThat(text(read)).as(message.toString()).isEqualTo(message.octets());
          assertThat(new TreeSet<>(read.flags())).isEqualTo(new TreeSet<>(message.flags()));
          assertThat(read.date()).isEqualTo(message.date());
          assertThat(read.date().getOffset()).isEqualTo(message.date().getOffset());
        }
      }
      assertThat(reader.next()).isEmpty();
      assertThat(reader.fraction()).isEqualTo(1);
    }
  }

  private static MessageWriter writer(Format format, Path file) throws IOException {
    return switch (format) {
      case MBOX -> new MboxWriter(Files.newOutputStream(file));
      case MAILDIR -> new MaildirWriter(file, 7);
      case TAR -> new TarWriter(Files.newOutputStream(file));
    };
  }

  private static MessageReader reader(Format format, Path file) throws IOException {
    return switch (format) {
      case MBOX -> new MboxReader(Files.newInputStream(file), Files.size(file));
      case MAILDIR -> new MaildirReader(file);
      case TAR -> new TarReader(Files.newInputStream(file), Files.size(file));
    };
  }

  private static void write(MessageWriter writer, long uid, Message message) throws IOException {
    try (var spool = new Spool()) {
      spool.write(message.octets().getBytes(StandardCharsets.ISO_8859_1));
      spool.finish();
      writer.write(uid, new ArchivedMessage(spool, message.flags(), message.date()));
    }
  }

  private static String text(ArchivedMessage message) throws IOException {
    try (var in = message.octets().open()) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  private static List<Message> mbox(String text) throws IOException {
    var octets = text.getBytes(StandardCharsets.ISO_8859_1);
    var all = new ArrayList<Message>();
    try (var reader = new MboxReader(new ByteArrayInputStream(octets), octets.length)) {
      for (var next = reader.next(); next.isPresent(); next = reader.next()) {
        try (var message = next.get()) {
          all.add(new Message(text(message), message.flags(), message.date()));
        }
      }
    }
    return all;
  }

  private static String crlf(String text) {
    return text.replace("\n", "\r\n");
  }

  @Test
  void anMboxOfAnotherProgramIsRead() throws IOException {
    assertThat(
            mbox(
                """
                From a@example.test Thu Feb 29 23:59:58 2024
                From: a@example.test
                Status: RO
                X-Status: AF
                X-Keywords: $Junk other
                Subject: one

                >From me
                From nobody's line without an empty one before it

                From b@example.test  Fri Mar  1 04:05 +0100 2024
                Subject: two
                """
                    .replace("04:05 +0100 2024", "04:05:06 2024 +0100")))
        .containsExactly(
            new Message(
                crlf(
                    """
                    From: a@example.test
                    Subject: one

                    From me
                    From nobody's line without an empty one before it
                    """),
                List.of("\\Seen", "\\Answered", "\\Flagged", "$Junk", "other"),
                OffsetDateTime.parse("2024-02-29T23:59:58Z")),
            new Message(
                "Subject: two\r\n", List.of(), OffsetDateTime.parse("2024-03-01T04:05:06+01:00")));
  }

  @Test
  void anMboxWhoseLinesEndWithCrlfIsReadAsItIs() throws IOException {
    assertThat(mbox("From a Thu Feb 29 23:59:58 2024\r\nSubject: x\r\n\r\nb\nc\r\n\r\n"))
        .extracting(Message::octets)
        .containsExactly("Subject: x\r\n\r\nb\nc\r\n");
  }

  @Test
  void aDateThatCannotBeReadIsTheSameInEachRun() throws IOException {
    assertThat(mbox("From a once\nx\n").getFirst().date()).isEqualTo("1970-01-01T00:00:00Z");
    assertThat(mbox("From a Thu Feb 31 23:59:58 2024\nx\n").getFirst().date())
        .isEqualTo("1970-01-01T00:00:00Z");
  }

  @Test
  void otherFilesAreNoMbox() throws IOException {
    assertThat(mbox("")).isEmpty();
    assertThat(mbox("\n\n")).isEmpty();
    assertThatThrownBy(() -> mbox("Subject: x\n\n"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no mbox");
  }

  @Test
  void anArchiveThatIsCutIsNoticed() throws IOException {
    var out = new ByteArrayOutputStream();
    try (var writer = new MboxWriter(out)) {
      write(writer, 1, message("Subject: x\r\n\r\n" + "body\r\n".repeat(100)));
    }
    var cut = out.toString(StandardCharsets.ISO_8859_1).substring(0, 300);
    assertThatThrownBy(() -> mbox(cut)).hasMessageContaining("ends within the message");
  }

  @Test
  void aMaildirOfAnotherProgramIsRead() throws IOException {
    var cur = Files.createDirectories(directory.resolve("cur"));
    var fresh = Files.createDirectories(directory.resolve("new"));
    Files.writeString(cur.resolve("1700000001.M1P1.host,S=9,W=10:2,FSa"), "x\ny\n");
    Files.writeString(fresh.resolve("1700000000.M2P1.host"), "first\r\n");
    Files.writeString(directory.resolve("dovecot-keywords"), "0 $Label1\n");
    try (var reader = new MaildirReader(directory)) {
      try (var first = reader.next().orElseThrow();
          var second = reader.next().orElseThrow()) {
        assertThat(text(first)).isEqualTo("first\r\n");
        assertThat(first.flags()).isEmpty();
        assertThat(text(second)).isEqualTo("x\r\ny\r\n");
        assertThat(second.flags()).containsExactlyInAnyOrder("\\Flagged", "\\Seen", "$Label1");
      }
      assertThat(reader.next()).isEmpty();
    }
  }

  @Test
  void anInterruptedMaildirKnowsWhatItHas() throws IOException {
    try (var writer = new MaildirWriter(directory, 7)) {
      write(writer, 1, message("a"));
    }
    try (var writer = new MaildirWriter(directory, 7)) {
      assertThat(writer.has(1)).isTrue();
      assertThat(writer.has(2)).isFalse();
    }
    try (var other = new MaildirWriter(directory, 8)) {
      assertThat(other.has(1)).isFalse();
    }
  }

  @Test
  void aMaildirHasAKeywordForEachLetterAndNotOneMore() throws IOException {
    try (var writer = new MaildirWriter(directory, 7)) {
      var keywords = new ArrayList<String>();
      for (char c = 'a'; c <= 'z'; c++) {
        keywords.add("k" + c);
      }
      write(writer, 1, message("a", keywords.toArray(String[]::new)));
      assertThatThrownBy(() -> write(writer, 2, message("b", "one-more")))
          .hasMessageContaining("26 keywords");
    }
  }

  @Test
  void aLargeMessageIsInAFileUntilItIsClosed() throws IOException {
    var octets = new byte[Spool.IN_MEMORY + 1];
    Arrays.fill(octets, (byte) 'x');
    var spool = new Spool();
    spool.write(octets);
    spool.finish();
    try (var in = spool.open()) {
      assertThat(in.readAllBytes()).isEqualTo(octets);
    }
    spool.close();
    assertThatThrownBy(spool::open).isInstanceOf(IOException.class);
  }
}
