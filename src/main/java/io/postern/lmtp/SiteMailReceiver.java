package io.postern.lmtp;

import io.postern.site.MailDelivery.IncomingMessage;
import io.postern.site.MailDelivery.Receiver;
import io.postern.site.MailDelivery.Verdict;
import io.postern.store.Blobs;
import io.postern.store.Staged;
import io.postern.store.Staging;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.Account;
import io.postern.store.account.Accounts;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Receives messages that other sites pass on, and delivers them to mailboxes of this site. The
 * other site has added the trace fields.
 */
public final class SiteMailReceiver implements Receiver {
  /** Octets of trace fields beyond the size of a message. */
  private static final int TRACE = 64 * 1024;

  private final Accounts here;
  private final Blobs blobs;
  private final Delivery delivery;
  private final LongSupplier limit;

  /**
   * @param here the accounts of this site
   * @param limit most octets of a message: {@code mail.max-receive-size}
   */
  public SiteMailReceiver(Accounts here, Blobs blobs, Delivery delivery, LongSupplier limit) {
    this.here = here;
    this.blobs = blobs;
    this.delivery = delivery;
    this.limit = limit;
  }

  @Override
  public IncomingMessage open(String account) {
    return new OneMessage(account);
  }

  private final class OneMessage implements IncomingMessage {
    private final String account;
    private final Staging staging = new Staging(blobs);
    private long octets;

    OneMessage(String account) {
      this.account = account;
    }

    @Override
    public Uni<Void> write(Buffer bytes) {
      octets += bytes.length();
      return octets > limit.getAsLong() + TRACE
          ? Uni.createFrom().failure(new IllegalArgumentException("the message is too large"))
          : staging.write(bytes);
    }

    @Override
    public Uni<Verdict> finish() {
      return staging
          .finish()
          .chain(staged -> here.find(account).chain(found -> deliver(staged, found)))
          .onFailure(StoreException.class)
          .recoverWithItem(SiteMailReceiver::verdict);
    }

    private Uni<Verdict> deliver(Staged staged, Optional<Account> found) {
      if (found.isEmpty()) {
        // It has moved meanwhile; the other site asks the directory again.
        abandon();
        return Uni.createFrom().item(Verdict.LATER);
      }
      if (!found.get().access().enabled()) {
        abandon();
        return Uni.createFrom().item(Verdict.DISABLED);
      }
      return delivery.append(staged, found.get().id()).replaceWith(Verdict.DELIVERED);
    }

    @Override
    public void abandon() {
      staging.discard();
    }
  }

  private static Verdict verdict(Throwable failure) {
    return failure instanceof StoreException e && e.failure() instanceof StoreFailure.OverQuota
        ? Verdict.OVER_QUOTA
        : Verdict.LATER;
  }
}
