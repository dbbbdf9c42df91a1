package io.postern.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.transfer.MemoryMailbox.Held;
import io.postern.transfer.archive.ArchivedMessage;
import io.postern.transfer.archive.MboxReader;
import io.postern.transfer.archive.MboxWriter;
import io.postern.transfer.archive.Spool;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Import and export against a mailbox in memory. */
class MailboxImportTest {
  private static final OffsetDateTime DATE = OffsetDateTime.parse("2024-02-29T23:59:58+05:30");

  private static List<Held> messages(int count) {
    var all = new ArrayList<Held>();
    for (int i = 0; i < count; i++) {
      // Many have the same size and date, and each tenth is there twice.
      all.add(
          new Held(
              "Subject: %04d\r\n\r\nFrom\r\n".formatted(i - (i % 10 == 9 ? 1 : 0)),
              i % 3 == 0 ? List.of("\\Seen") : List.of("$Junk"),
              DATE.plusSeconds(i % 2)));
    }
    for (int i = 9; i < count; i += 10) {
      all.set(i, all.get(i - 1));
    }
    return all;
  }

  private static byte[] mbox(List<Held> all) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var writer = new MboxWriter(out)) {
      long uid = 0;
      for (var held : all) {
        try (var spool = new Spool()) {
          spool.write(held.octets().getBytes(StandardCharsets.ISO_8859_1));
          spool.finish();
          writer.write(++uid, new ArchivedMessage(spool, held.flags(), held.date()));
        }
      }
    }
    return out.toByteArray();
  }

  private static Progress.Count run(RemoteMailbox mailbox, byte[] mbox, List<String> refusals)
      throws IOException {
    try (var reader = new MboxReader(new ByteArrayInputStream(mbox), mbox.length)) {
      return new MailboxImport(mailbox, Rate.unlimited(), refusals::add)
          .all(reader, (fraction, count) -> {});
    }
  }

  @Test
  void allMessagesAreAddedInTheirOrder() throws IOException {
    var all = messages(100);
    var mailbox = new MemoryMailbox();
    var count = run(mailbox, mbox(all), new ArrayList<>());
    assertThat(mailbox.held()).isEqualTo(all);
    assertThat(count.added()).isEqualTo(100);
    assertThat(count.octets()).isEqualTo(all.stream().mapToLong(it -> it.octets().length()).sum());
  }

  @Test
  void anImportThatWasKilledGoesOnWithoutDoubles() throws IOException {
    var all = messages(100);
    var mbox = mbox(all);
    var mailbox = new MemoryMailbox();
    for (int killedAfter : List.of(0, 1, 37, 2)) {
      mailbox.killedAfter(killedAfter);
      assertThatThrownBy(() -> run(mailbox, mbox, new ArrayList<>())).hasMessage("killed");
    }
    mailbox.killedAfter(Integer.MAX_VALUE);
    var count = run(mailbox, mbox, new ArrayList<>());
    assertThat(mailbox.held()).isEqualTo(all);
    assertThat(count).isEqualTo(new Progress.Count(100, 60, 40, 0, count.octets()));
  }

  @Test
  void theSameImportOnceMoreAddsNothing() throws IOException {
    var all = messages(50);
    var mailbox = new MemoryMailbox();
    run(mailbox, mbox(all), new ArrayList<>());
    var count = run(mailbox, mbox(all), new ArrayList<>());
    assertThat(mailbox.held()).isEqualTo(all);
    assertThat(count.present()).isEqualTo(50);
  }

  @Test
  void aMessageOfTheSameSizeAndDateIsAddedIfItsOctetsDiffer() throws IOException {
    var mailbox = new MemoryMailbox();
    mailbox.held().add(new Held("a\r\n", List.of(), DATE));
    var count = run(mailbox, mbox(List.of(new Held("b\r\n", List.of(), DATE))), new ArrayList<>());
    assertThat(count.added()).isEqualTo(1);
    assertThat(mailbox.reads()).isEqualTo(1);
  }

  @Test
  void aRefusedMessageIsReportedAndTheOthersAreAdded() throws IOException {
    var mailbox = new MemoryMailbox();
    mailbox.refuse("0001");
    var refusals = new ArrayList<String>();
    var count = run(mailbox, mbox(messages(3)), refusals);
    assertThat(refusals).containsExactly("message 2 is refused: it is too large");
    assertThat(count.added()).isEqualTo(2);
    assertThat(count.refused()).isEqualTo(1);
  }

  @Test
  void whatIsExportedIsImportedAsItWas() throws IOException {
    var from = new MemoryMailbox();
    from.held().addAll(messages(30));
    var out = new ByteArrayOutputStream();
    try (var writer = new MboxWriter(out)) {
      new MailboxExport(from, Rate.unlimited()).all(writer, (fraction, count) -> {});
    }
    var to = new MemoryMailbox();
    run(to, out.toByteArray(), new ArrayList<>());
    assertThat(to.held()).isEqualTo(from.held());
  }

  @Test
  void aRateIsKept() {
    var now = new AtomicLong();
    var rate = new Rate(1_000, now::get, now::addAndGet);
    rate.spend(500);
    assertThat(now.get()).isEqualTo(500_000_000L);
    now.addAndGet(10_000_000_000L);
    rate.spend(500);
    assertThat(now.get()).isEqualTo(10_500_000_000L);
  }
}
