package io.postern.pop3.maildrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.area.Pop3Settings.SortOrder;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxState;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.UidValidity;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageColumns;
import io.postern.store.Messages.Loaded;
import io.postern.store.index.MailboxIndex;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MaildropTest {
  private static final MailboxKey INBOX = new MailboxKey(new AccountId(1), new MailboxId(2));

  @Test
  void theOldestIsNumberOneOrTheNewest() {
    var ascending = maildrop(SortOrder.ASCENDING);
    assertThat(uniqueId(ascending, 1)).isEqualTo("17.3");
    assertThat(uniqueId(ascending, 3)).isEqualTo("17.4294967295");
    var descending = maildrop(SortOrder.DESCENDING);
    assertThat(uniqueId(descending, 1)).isEqualTo("17.4294967295");
    assertThat(uniqueId(descending, 3)).isEqualTo("17.3");
    assertThat(descending.size(3)).isEqualTo(103);
    assertThat(descending.content(3)).isEqualTo(new ContentId(3));
  }

  private static String uniqueId(Maildrop maildrop, long number) {
    var line = new StringBuilder();
    maildrop.appendUniqueId(line, number);
    return line.toString();
  }

  @Test
  void lineEndsToBeAddedCount() {
    var sizes = Map.of(new ContentId(7), 109L, new ContentId(95), 6_000_000_000L);
    var maildrop = maildrop(SortOrder.ASCENDING, sizes);
    assertThat(maildrop.size(1)).isEqualTo(103);
    assertThat(maildrop.size(2)).isEqualTo(109);
    assertThat(maildrop.size(3)).isEqualTo(6_000_000_000L);
    assertThat(maildrop.octets()).isEqualTo(103 + 109 + 6_000_000_000L);
  }

  @Test
  void whatIsMarkedCountsNoMoreUntilReset() {
    var maildrop = maildrop(SortOrder.DESCENDING);
    assertThat(maildrop.deleted()).isEqualTo(NumberSet.EMPTY);
    maildrop.delete(3);
    assertThat(maildrop.has(3)).isFalse();
    assertThat(maildrop.count()).isEqualTo(2);
    assertThat(maildrop.octets()).isEqualTo(107 + 195);
    assertThat(maildrop.highest()).isEqualTo(3);
    assertThat(maildrop.deleted()).isEqualTo(NumberSet.of(LongStream.of(3)));
    maildrop.reset();
    assertThat(maildrop.has(3)).isTrue();
    assertThat(maildrop.count()).isEqualTo(3);
    assertThat(maildrop.octets()).isEqualTo(103 + 107 + 195);
    assertThat(maildrop.deleted()).isEqualTo(NumberSet.EMPTY);
  }

  @Test
  void numbersGoFromOneToTheLast() {
    var maildrop = maildrop(SortOrder.ASCENDING);
    assertThat(maildrop.has(0)).isFalse();
    assertThat(maildrop.has(1)).isTrue();
    assertThat(maildrop.has(3)).isTrue();
    assertThat(maildrop.has(4)).isFalse();
    assertThat(maildrop.has(Long.MAX_VALUE)).isFalse();
  }

  /** UIDs 3, 7 and the greatest there is; message with UID u has content u and 100 + u octets. */
  private static Maildrop maildrop(SortOrder order) {
    return maildrop(order, Map.of());
  }

  private static Maildrop maildrop(SortOrder order, Map<ContentId, Long> crlfSizes) {
    var columns = new MessageColumns.Builder(3);
    columns.add(3, 0, 1, 103, 0, 0, 3);
    columns.add(7, 0, 2, 107, 0, 0, 7);
    columns.add(4_294_967_295L, 0, 3, 195, 0, 0, 95);
    var state = new MailboxState(new UidValidity(17), 4_294_967_296L, new ModSeq(3), 3, 3, 405, 1);
    var index = MailboxIndex.of(new Loaded(state, columns.build(), Keywords.NONE));
    return Maildrop.of(INBOX, index, crlfSizes, order);
  }
}
