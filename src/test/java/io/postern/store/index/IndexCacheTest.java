package io.postern.store.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxState;
import io.postern.model.UidValidity;
import io.postern.model.message.Keywords;
import io.postern.store.Messages.Loaded;
import org.junit.jupiter.api.Test;

class IndexCacheTest {
  private final MailboxKey mailbox = new MailboxKey(new AccountId(1), new MailboxId(2));
  private final IndexCache cache = new IndexCache(1L << 20);

  @Test
  void theNewerOfTwoIndexesIsKept() {
    var newer = MailboxIndex.of(TestIndexes.loaded(3, 9));
    var older = MailboxIndex.of(TestIndexes.loaded(3, 8));
    assertThat(cache.put(mailbox, newer)).isSameAs(newer);
    assertThat(cache.put(mailbox, older)).isSameAs(newer);
    assertThat(cache.get(mailbox)).containsSame(newer);
  }

  @Test
  void anIndexOfAnotherUidValidityIsReplacedWhateverItsModSeq() {
    var state = TestIndexes.state(3, 4, 8);
    var renewed =
        new MailboxState(
            new UidValidity(TestIndexes.VALIDITY.value() + 1),
            state.uidNext(),
            state.highestModSeq(),
            state.exists(),
            state.unseen(),
            state.size(),
            state.firstRecent());
    var read =
        MailboxIndex.of(new Loaded(renewed, TestIndexes.loaded(3, 8).messages(), Keywords.NONE));
    cache.put(mailbox, MailboxIndex.of(TestIndexes.loaded(3, 9)));
    assertThat(cache.put(mailbox, read)).isSameAs(read);
    assertThat(cache.get(mailbox)).containsSame(read);
  }
}
