package io.postern.store.postgres.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.model.MailboxState;
import io.postern.model.ModSeq;
import io.postern.model.Uid;
import io.postern.model.UidValidity;
import io.postern.model.message.InternalDate;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageColumns;
import io.postern.model.message.MessageInfo;
import io.postern.store.Messages.Loaded;
import io.postern.store.index.MailboxIndex;
import io.postern.store.postgres.page.PageReader.Facts;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageCodecTest {
  private static MailboxIndex index(MessageColumns rows, long uidNext) {
    var state = new MailboxState(new UidValidity(1), uidNext, new ModSeq(1), rows.size(), 0, 0, 1);
    return MailboxIndex.of(new Loaded(state, rows, Keywords.NONE));
  }

  private static List<MessageInfo> infos(MessageColumns rows) {
    return IntStream.range(0, rows.size()).mapToObj(rows::info).toList();
  }

  private static long date(SplittableRandom random) {
    long second = random.nextLong(-62_135_596_800L, 253_402_300_800L);
    return new InternalDate(second, random.nextInt(-1_080, 1_081)).packed();
  }

  /** About half of these UIDs. */
  private static MessageColumns rows(
      SplittableRandom random, long from, long to, int flagBits, long maxModSeq) {
    var rows = new MessageColumns.Builder(16);
    for (long uid = from; uid < to; uid++) {
      if (random.nextBoolean()) {
        rows.add(
            uid,
            random.nextLong() & (1L << flagBits) - 1,
            random.nextLong(1, maxModSeq + 1),
            random.nextInt(Integer.MAX_VALUE),
            date(random),
            random.nextLong(-62_135_596_800L, 253_402_300_800L),
            random.nextLong(Long.MAX_VALUE));
      }
    }
    return rows.build();
  }

  /** As the version before wrote it. */
  private static Facts unchecked(byte[] blocks) {
    return new Facts(blocks, new byte[0]);
  }

  /** Writes as a store does: pages before the tail, then the tail. */
  private static MessageColumns writtenAndRead(MailboxIndex index, MessageColumns rows) {
    long tail = PageLayout.tailStart(index.uidNext());
    var reader = new PageReader(rows.size(), 0);
    var pages = PageWriter.pagesOf(rows, tail);
    var flags = PageWriter.flags(index, pages);
    for (int i = 0; i < pages.size(); i++) {
      int page = flags.pages()[i];
      long to = Math.min(PageLayout.firstUid(page + 1), tail);
      var facts =
          FactsCodec.header(0, (int) (to - PageLayout.firstUid(page)))
              .appendBuffer(FactsCodec.encode(rows, PageLayout.firstUid(page), to));
      reader.page(page, flags.flags()[i].getBytes(), Optional.of(unchecked(facts.getBytes())));
    }
    reader.tail(tail, PageWriter.tail(index).getBytes(), PageWriter.tailFacts(index).getBytes());
    return reader.build();
  }

  @ParameterizedTest(name = "{0} bits of flags, mod-sequences up to {1}")
  @CsvSource({
    "5, 1",
    "5, 255",
    "7, 256",
    "8, 65536",
    "15, 70000",
    "31, 4294967296",
    "62, 4611686018427387904",
    "63, 9223372036854775806"
  })
  void everyWidthIsReadAsItWasWritten(int flagBits, long maxModSeq) {
    var random = new SplittableRandom(flagBits);
    for (long uidNext : new long[] {2, 33, 34, 257, 258, 290, 1_000}) {
      var rows = rows(random, 1, uidNext, flagBits, maxModSeq);
      assertThat(infos(writtenAndRead(index(rows, uidNext), rows))).isEqualTo(infos(rows));
    }
  }

  @Test
  void theGreatestUidsAreReadAsTheyWereWritten() {
    var rows = rows(new SplittableRandom(1), Uid.MAX - 600, Uid.MAX + 1, 5, 9);
    assertThat(infos(writtenAndRead(index(rows, Uid.MAX + 1), rows))).isEqualTo(infos(rows));
  }

  @Test
  void aPageOfFlagsOnlyTakesThreeOctetsAMessage() {
    var rows = new MessageColumns.Builder(256);
    for (int i = 1; i <= 256; i++) {
      rows.add(i, i % 32, 1_000_000 + i, 1, date(new SplittableRandom(i)), 1, 1);
    }
    var index = index(rows.build(), 1_000);
    var flags = PageWriter.flags(index, PageWriter.pagesOf(rows(index), 900));
    assertThat(flags.flags()[0].length()).isEqualTo(16 + 256 * 2);
  }

  private static MessageColumns rows(MailboxIndex index) {
    var rows = new MessageColumns.Builder(index.size());
    IntStream.range(0, index.size()).forEach(at -> rows.add(index.info(at)));
    return rows.build();
  }

  @ParameterizedTest(name = "{0} messages at once")
  @ValueSource(ints = {1, 2, 31, 32, 33, 255, 256, 257, 1_000})
  void appendedMessagesAreReadAsTheyWereWritten(int atOnce) {
    var random = new SplittableRandom(atOnce);
    var pages = new ArrayList<List<Buffer>>();
    var tailFlags = Buffer.buffer();
    var tailFacts = Buffer.buffer();
    var all = new MessageColumns.Builder(16);
    long uidNext = 1;
    while (uidNext < 1_200) {
      var more = new MessageColumns.Builder(atOnce);
      for (int i = 0; i < atOnce; i++) {
        long flags = random.nextInt(1 << 20);
        more.add(uidNext + i, flags, uidNext, i, date(random), 7, 1 + random.nextInt(1 << 20));
      }
      var put = more.build();
      infos(put).forEach(all::add);
      var added = PageWriter.append(tailFlags, tailFacts, uidNext, put);
      for (int i = 0; i < added.pages().length; i++) {
        while (pages.size() <= added.pages()[i]) {
          pages.add(List.of(Buffer.buffer(), Buffer.buffer()));
        }
        pages.get(added.pages()[i]).get(0).appendBuffer(added.flags()[i]);
        pages.get(added.pages()[i]).get(1).appendBuffer(added.facts()[i]);
      }
      tailFlags = added.tailFlags();
      tailFacts = added.tailFacts();
      uidNext += atOnce;
    }
    var reader = new PageReader(16, 0);
    for (int page = 0; page < pages.size(); page++) {
      reader.page(
          page,
          pages.get(page).get(0).getBytes(),
          Optional.of(unchecked(pages.get(page).get(1).getBytes())));
    }
    reader.tail(PageLayout.tailStart(uidNext), tailFlags.getBytes(), tailFacts.getBytes());
    assertThat(infos(reader.build())).isEqualTo(infos(all.build()));
    assertThat(tailFlags.length()).isBetween(1, PageLayout.BLOCK * FlagsCodec.TAIL_SLOT);
  }

  @Test
  void onlyWhatChangedSinceIsRead() {
    var rows = rows(new SplittableRandom(3), 1, 300, 5, 100);
    var index = index(rows, 300);
    var reader = new PageReader(16, 50);
    var flags = PageWriter.flags(index, PageWriter.pagesOf(rows, 289));
    for (int i = 0; i < flags.pages().length; i++) {
      reader.page(flags.pages()[i], flags.flags()[i].getBytes(), Optional.empty());
    }
    reader.tail(289, PageWriter.tail(index).getBytes(), PageWriter.tailFacts(index).getBytes());
    var expected = infos(rows).stream().filter(it -> it.modSeq().value() > 50);
    assertThat(reader.build().uids())
        .containsExactly(expected.mapToInt(it -> (int) it.uid().value()).toArray());
  }

  @Test
  void everyChangedOctetOfFlagsIsFound() {
    var rows = rows(new SplittableRandom(5), 1, 257, 5, 1_000);
    var stored =
        PageWriter.flags(index(rows, 500), PageWriter.pagesOf(rows, 400)).flags()[0].getBytes();
    for (int at = 0; at < stored.length; at++) {
      var damaged = stored.clone();
      damaged[at] ^= 4;
      var reader = new PageReader(16, 0);
      assertThatThrownBy(() -> reader.page(0, damaged, Optional.empty()))
          .as("octet %d", at)
          .isInstanceOf(DamagedPage.class);
    }
  }

  private static byte[] checksum(byte[] block) {
    var crc = new CRC32C();
    crc.update(block);
    return ByteBuffer.allocate(5).put(block[1]).putInt((int) crc.getValue()).array();
  }

  @Test
  void everyChangedOctetOfFactsAndTheirChecksumIsFound() {
    var rows = rows(new SplittableRandom(7), 33, 65, 5, 1_000);
    var flags =
        PageWriter.flags(index(rows, 500), PageWriter.pagesOf(rows, 400)).flags()[0].getBytes();
    var block = FactsCodec.header(32, 32).appendBuffer(FactsCodec.encode(rows, 33, 65)).getBytes();
    var intact = new PageReader(16, 0);
    intact.page(0, flags, Optional.of(new Facts(block, checksum(block))));
    assertThat(infos(intact.build())).isEqualTo(infos(rows));
    for (int at = 0; at < block.length + 5; at++) {
      var damaged = block.clone();
      var sum = checksum(block);
      (at < block.length ? damaged : sum)[at % block.length] ^= 4;
      assertThatThrownBy(
              () -> new PageReader(16, 0).page(0, flags, Optional.of(new Facts(damaged, sum))))
          .as("octet %d", at)
          .isInstanceOf(DamagedPage.class)
          .hasMessageStartingWith("page 0: ");
    }
  }

  @Test
  void messagesWithoutFactsAreDamaged() {
    var rows = rows(new SplittableRandom(8), 33, 65, 5, 1_000);
    var flags =
        PageWriter.flags(index(rows, 500), PageWriter.pagesOf(rows, 400)).flags()[0].getBytes();
    assertThatThrownBy(
            () -> new PageReader(16, 0).page(0, flags, Optional.of(unchecked(new byte[0]))))
        .isInstanceOf(DamagedPage.class);
  }

  @Test
  void whatEndsTooEarlyIsDamaged() {
    var rows = rows(new SplittableRandom(6), 1, 257, 5, 1_000);
    var stored =
        PageWriter.flags(index(rows, 500), PageWriter.pagesOf(rows, 400)).flags()[0].getBytes();
    for (int length : new int[] {1, 11, 12, 15, 16, stored.length - 1}) {
      var cut = Arrays.copyOf(stored, length);
      assertThatThrownBy(() -> new PageReader(16, 0).page(0, cut, Optional.empty()))
          .isInstanceOf(DamagedPage.class);
    }
    assertThatThrownBy(() -> new PageReader(16, 0).tail(1, new byte[17], new byte[28]))
        .isInstanceOf(DamagedPage.class);
    assertThatThrownBy(() -> new PageReader(16, 0).tail(1, new byte[16], new byte[0]))
        .isInstanceOf(DamagedPage.class);
    assertThatThrownBy(
            () ->
                new PageReader(16, 0)
                    .page(0, stored, Optional.of(unchecked(new byte[] {1, 0, 3, 0}))))
        .isInstanceOf(DamagedPage.class);
  }
}
