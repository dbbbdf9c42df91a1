package io.postern.pop3.maildrop;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxState;
import io.postern.model.ModSeq;
import io.postern.model.UidValidity;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageColumns;
import io.postern.store.Messages.Loaded;
import io.postern.store.index.MailboxIndex;
import org.junit.jupiter.api.Test;

class KnownSizesTest {
  private final KnownSizes sizes = new KnownSizes();

  @Test
  void aMailboxIsKnownUntilItHasNewMessages() {
    sizes.learn(mailbox(1), index(17, 5));
    assertThat(sizes.areStored(mailbox(1), index(17, 5))).isTrue();
    assertThat(sizes.areStored(mailbox(1), index(17, 6))).isFalse();
    assertThat(sizes.areStored(mailbox(1), index(18, 5))).isFalse();
    assertThat(sizes.areStored(mailbox(2), index(17, 5))).isFalse();
  }

  @Test
  void aMailboxDisplacesTheOneOfItsSlot() {
    sizes.learn(mailbox(1), index(17, 5));
    sizes.learn(mailbox(2), index(17, 5));
    sizes.learn(mailbox(1 + KnownSizes.SLOTS), index(17, 5));
    assertThat(sizes.areStored(mailbox(1 + KnownSizes.SLOTS), index(17, 5))).isTrue();
    assertThat(sizes.areStored(mailbox(1), index(17, 5))).isFalse();
    assertThat(sizes.areStored(mailbox(2), index(17, 5))).isTrue();
  }

  private static MailboxKey mailbox(long id) {
    return new MailboxKey(new AccountId(1), new MailboxId(id));
  }

  private static MailboxIndex index(long validity, long uidNext) {
    var state = new MailboxState(new UidValidity(validity), uidNext, new ModSeq(3), 0, 0, 0, 1);
    return MailboxIndex.of(new Loaded(state, MessageColumns.EMPTY, Keywords.NONE));
  }
}
