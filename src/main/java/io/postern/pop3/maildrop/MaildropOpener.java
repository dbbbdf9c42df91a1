package io.postern.pop3.maildrop;

import io.postern.auth.Identity;
import io.postern.config.area.Pop3Settings;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.store.MaildropLock;
import io.postern.store.MaildropLocks.LockResult;
import io.postern.store.index.MailboxIndex;
import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.smallrye.mutiny.Uni;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/**
 * Locks a user's maildrop and reads it. Messages of an older version are measured then, which may
 * take minutes: the lock is renewed meanwhile, and the end of the connection ends the work and
 * releases the lock. What was measured by then stays measured.
 */
public final class MaildropOpener {
  /** The result of opening a maildrop. */
  public sealed interface Result {
    /** The maildrop is open, and its lock is held and renewed. */
    record Opened(Maildrop maildrop, Lease lease) implements Result {}

    /** The maildrop can't be opened now, for a reason that has a response code. */
    record Refused(String code, String text) implements Result {}
  }

  private final MaildropPorts ports;
  private final Connection connection;

  public MaildropOpener(MaildropPorts ports, Connection connection) {
    this.ports = ports;
    this.connection = connection;
  }

  /**
   * Opens the user's INBOX. Fails as the store does; then nothing is locked. When the lock is lost,
   * the connection is closed.
   */
  public Uni<Result> open(Identity identity) {
    return ports
        .locks()
        .acquire(identity.account(), MailboxName.INBOX, Lease.LENGTH, settings().loginDelay())
        .chain(this::attempted);
  }

  private Uni<Result> attempted(LockResult attempt) {
    return switch (attempt) {
      case LockResult.Held(var lock) -> read(lock);
      // RFC 2449 §8.1.2
      case LockResult.InUse() -> refused("IN-USE", "Another session has the maildrop open");
      // RFC 2449 §8.1.1
      case LockResult.TooSoon(var left) ->
          refused(
              "LOGIN-DELAY", "Wait " + (left.toSeconds() + 1) + " seconds before the next login");
    };
  }

  private Uni<Result> read(MaildropLock lock) {
    var lease =
        new Lease(ports.locks(), lock, connection, () -> connection.close(CloseReason.REVOKED));
    return maildrop(lock.mailbox())
        .<Result>map(maildrop -> new Result.Opened(maildrop, lease))
        .onFailure()
        .invoke(lease::giveUp);
  }

  private Uni<Maildrop> maildrop(MailboxKey inbox) {
    return ports
        .indexes()
        .current(inbox)
        .chain(
            index ->
                sizes(inbox, index)
                    .map(
                        sizes ->
                            Maildrop.of(
                                inbox, index, sizes, settings().messageRetrievalSortOrder())));
  }

  /** The sizes that differ from those of the index, as messages are sent (RFC 1939 §11). */
  private Uni<Map<ContentId, Long>> sizes(MailboxKey inbox, MailboxIndex index) {
    var stored = crlfSizes(inbox, index);
    return ports.messages().renders()
        ? stored.chain(sizes -> shown(inbox.account(), index, sizes))
        : stored;
  }

  private Uni<Map<ContentId, Long>> shown(
      AccountId account, MailboxIndex index, Map<ContentId, Long> stored) {
    var ids = new LinkedHashSet<ContentId>();
    for (var rows = index.rows(); rows.next(); ) {
      ids.add(new ContentId(rows.content()));
    }
    return ports
        .messages()
        .shownSizes(account, ids)
        .map(
            shown -> {
              var sizes = new HashMap<>(stored);
              shown.forEach((id, size) -> sizes.put(id, size.crlfOctets()));
              return sizes;
            });
  }

  /** Runs after the index is read, so that the sizes include those of all its messages. */
  private Uni<Map<ContentId, Long>> crlfSizes(MailboxKey inbox, MailboxIndex index) {
    if (ports.sizes().areStored(inbox, index)) {
      return Uni.createFrom().item(Map.of());
    }
    return ports
        .messages()
        .crlfSizes(inbox.account())
        .invoke(
            sizes -> {
              if (sizes.isEmpty()) {
                ports.sizes().learn(inbox, index);
              }
            });
  }

  private Pop3Settings settings() {
    return ports.live().now().pop3();
  }

  private static Uni<Result> refused(String code, String text) {
    return Uni.createFrom().item(new Result.Refused(code, text));
  }
}
