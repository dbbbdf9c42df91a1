package io.postern.lmtp;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.store.Mailboxes;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

/**
 * The keys of INBOXes, so that a delivery need not look its own up: an account keeps its INBOX as
 * long as it exists. Holds those that were used last. Safe for all threads.
 */
final class InboxKeys {
  /** How many keys are kept: about a megabyte. */
  static final int MAX = 10_000;

  private final Mailboxes mailboxes;

  private final ConcurrentMap<AccountId, MailboxKey> known = new ConcurrentHashMap<>();

  InboxKeys(Mailboxes mailboxes) {
    this.mailboxes = mailboxes;
  }

  /**
   * Does the work with the key of the account's INBOX. When a known key proves to be wrong, the
   * work is done once more with the one that is looked up.
   *
   * <p>Fails with {@link StoreFailure.MailboxGone} when there is none.
   */
  <T> Uni<T> with(AccountId account, Function<MailboxKey, Uni<T>> work) {
    return find(account)
        .map(
            key ->
                work.apply(key)
                    .onFailure(InboxKeys::isGone)
                    .recoverWithUni(() -> lookUp(account).chain(work::apply)))
        .orElseGet(() -> lookUp(account).chain(work::apply));
  }

  private Uni<MailboxKey> lookUp(AccountId account) {
    return mailboxes
        .find(account, MailboxName.INBOX)
        .map(inbox -> keep(account, inbox.map(MailboxInfo::key)));
  }

  private Optional<MailboxKey> find(AccountId account) {
    return Optional.ofNullable(known.get(account));
  }

  private MailboxKey keep(AccountId account, Optional<MailboxKey> found) {
    found.ifPresentOrElse(key -> known.put(account, key), () -> known.remove(account));
    if (known.size() > MAX) {
      // Any other one: which is of no consequence but a look-up.
      known.keySet().stream()
          .filter(other -> !other.equals(account))
          .findAny()
          .ifPresent(known::remove);
    }
    return found.orElseThrow(() -> new StoreException(new StoreFailure.MailboxGone()));
  }

  private static boolean isGone(Throwable failure) {
    return failure instanceof StoreException store
        && store.failure() instanceof StoreFailure.MailboxGone;
  }
}
