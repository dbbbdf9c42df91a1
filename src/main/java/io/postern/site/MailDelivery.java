package io.postern.site;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;

/** Delivery of mail to mailboxes of other sites, and from there. */
public interface MailDelivery {
  /** How a delivery ended. */
  enum Verdict {
    /** The message is stored durably. */
    DELIVERED,
    OVER_QUOTA,
    DISABLED,
    /** The site does not answer, or is not the home now; trying again may help. */
    LATER
  }

  /** A message that another site sends, until it is delivered. */
  interface IncomingMessage {
    /** The next octets, one call at a time. */
    Uni<Void> write(Buffer octets);

    /** All octets were written: delivers the message. */
    Uni<Verdict> finish();

    /** The rest will not come: what was written is discarded. */
    void abandon();
  }

  /** Receives messages from other sites. A message is never passed on from here. */
  interface Receiver {
    /**
     * Begins a message.
     *
     * @param account the login name of its recipient
     */
    IncomingMessage open(String account);
  }

  /**
   * Delivers a message to a mailbox of another site; never fails but by cancellation.
   *
   * @param site its home
   * @param account its login name
   * @param octets read on demand
   */
  Uni<Verdict> deliver(String site, String account, Multi<Buffer> octets);

  /** There is one site only. */
  MailDelivery NONE = (_, _, _) -> Uni.createFrom().item(Verdict.LATER);
}
