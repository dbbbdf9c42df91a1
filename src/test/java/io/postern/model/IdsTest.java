package io.postern.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Ids as the keys of hash tables. */
class IdsTest {
  /** What the sequences of one site count up by. */
  private static final long STRIDE = 1024;

  private static final int SLOTS = 1024;

  static Stream<LongFunction<Object>> kinds() {
    return Stream.of(
        AccountId::new,
        MailboxId::new,
        ContentId::new,
        id -> new MailboxKey(new AccountId(1), new MailboxId(id)),
        id -> new MailboxKey(new AccountId(id), new MailboxId(1)));
  }

  /** At random, about 650 of 1,024 slots are taken. */
  @ParameterizedTest
  @MethodSource("kinds")
  void theIdsOfOneSiteDoNotShareSlots(LongFunction<Object> kind) {
    var slots =
        LongStream.range(0, SLOTS)
            .mapToObj(n -> kind.apply(n * STRIDE + 1).hashCode())
            .map(hash -> (hash ^ (hash >>> 16)) & (SLOTS - 1))
            .distinct();
    assertThat(slots.count()).isGreaterThan(SLOTS / 2);
  }
}
