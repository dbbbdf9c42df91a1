package io.postern.lmtp;

import io.postern.lmtp.LmtpState.Mailbox;
import io.postern.lmtp.LmtpState.Recipient;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.BlobId;
import io.postern.model.MailboxName;
import io.postern.model.message.Flags;
import io.postern.model.message.InternalDate;
import io.postern.site.MailDelivery;
import io.postern.store.Blobs;
import io.postern.store.Destination;
import io.postern.store.Messages;
import io.postern.store.Messages.NewMessage;
import io.postern.store.Staged;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.Account;
import io.postern.store.account.Accounts;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** Finds recipients and delivers mail to their INBOXes. */
public final class Delivery {
  private static final Logger LOG = System.getLogger(Delivery.class.getName());

  /** How many recipients of a message are delivered to at the same time. */
  static final int CONCURRENCY = 8;

  private final Accounts accounts;
  private final Messages messages;
  private final Blobs blobs;
  private final InstantSource clock;
  private final MailDelivery sites;

  /** With one site only. */
  public Delivery(Accounts accounts, Messages messages, Blobs blobs, InstantSource clock) {
    this(accounts, messages, blobs, clock, MailDelivery.NONE);
  }

  /**
   * @param accounts those of all sites
   * @param sites delivers to the mailboxes of other sites
   */
  public Delivery(
      Accounts accounts, Messages messages, Blobs blobs, InstantSource clock, MailDelivery sites) {
    this.accounts = accounts;
    this.messages = messages;
    this.blobs = blobs;
    this.clock = clock;
    this.sites = sites;
  }

  /** The sink for the bytes of a message as they arrive. */
  MessageSink messageSink(TraceFields trace) {
    return new MessageSink(blobs, trace);
  }

  /** The arrival time of messages. */
  Instant instant() {
    return clock.instant();
  }

  /** The account of the first of these names that exists. */
  Uni<Optional<Account>> find(List<String> names) {
    var first = accounts.find(names.getFirst());
    return names.size() == 1
        ? first
        : first.flatMap(
            found ->
                found.isPresent()
                    ? Uni.createFrom().item(found)
                    : find(names.subList(1, names.size())));
  }

  /**
   * Delivers a received message to its recipients, {@link #CONCURRENCY} of them at a time, each in
   * a transaction of its own. Emits one reply for each recipient, in the order of RCPT (RFC 2033
   * §4.2), and none as a failure. An account named twice gets the message once, and both replies
   * are the same.
   */
  Multi<LmtpReply> deliver(MessageSink messageSink, TraceFields trace) {
    return messageSink
        .whole()
        .flatMap(staged -> shareable(staged, trace.envelope().accounts()))
        .onItem()
        .transformToMulti(staged -> deliver(staged, trace))
        .onFailure(Delivery::answerable)
        .recoverWithMulti(failure -> toAll(trace.envelope().recipients(), answer(failure)));
  }

  /** The same reply for each recipient. */
  static Multi<LmtpReply> toAll(List<Recipient> recipients, LmtpReply reply) {
    return Multi.createFrom().iterable(Collections.nCopies(recipients.size(), reply));
  }

  /** For several recipients the bytes are stored once, and every message refers to them. */
  private Uni<Staged> shareable(Staged staged, int recipients) {
    return switch (staged.bytes()) {
      case Staged.Bytes.Inline(var bytes) when recipients > 1 && bytes.length() > 0 -> {
        var blob = BlobId.random();
        yield blobs
            .write(blob, 0, bytes)
            .replaceWith(new Staged(new Staged.Bytes.Stored(blob), staged.facts()));
      }
      case Staged.Bytes.Inline _, Staged.Bytes.Stored _, Staged.Bytes.Prefixed _ ->
          Uni.createFrom().item(staged);
    };
  }

  private Multi<LmtpReply> deliver(Staged staged, TraceFields trace) {
    var replies = new OrderedReplies(trace.envelope().recipients());
    return Multi.createFrom()
        .iterable(replies.accounts())
        .onItem()
        .transformToUni(
            recipient ->
                deliver(staged, trace, recipient)
                    .map(reply -> replies.add(recipient.mailbox(), reply)))
        .merge(CONCURRENCY)
        .onItem()
        .disjoint();
  }

  private Uni<LmtpReply> deliver(Staged staged, TraceFields trace, Recipient recipient) {
    var own = trace.differ() ? staged.withPrefix(trace.own(recipient)) : staged;
    return switch (recipient.mailbox()) {
      case Mailbox.Here(var account) ->
          append(own, account)
              .map(_ -> LmtpReply.DELIVERED)
              .onFailure(Delivery::answerable)
              .recoverWithItem(Delivery::answer);
      case Mailbox.Elsewhere(var site, var name) ->
          sites.deliver(site, name, octets(own)).map(Delivery::answer);
    };
  }

  /** Appends the message to the account's INBOX. */
  Uni<Messages.Appended> append(Staged staged, AccountId account) {
    var message = new NewMessage(staged, Flags.NONE, InternalDate.of(clock.instant()));
    return messages.append(
        new Destination.Named(account, MailboxName.INBOX, Optional.empty()), List.of(message));
  }

  private Multi<Buffer> octets(Staged staged) {
    long size = staged.facts().size();
    return switch (staged.bytes()) {
      case Staged.Bytes.Inline(var bytes) -> Multi.createFrom().item(bytes);
      case Staged.Bytes.Stored(var blob) -> blobs.read(blob, 0, size);
      case Staged.Bytes.Prefixed(var prefix, var blob) ->
          Multi.createBy()
              .concatenating()
              .streams(
                  Multi.createFrom().item(prefix), blobs.read(blob, 0, size - prefix.length()));
    };
  }

  private static LmtpReply answer(MailDelivery.Verdict verdict) {
    return switch (verdict) {
      case DELIVERED -> LmtpReply.DELIVERED;
      case OVER_QUOTA -> LmtpReply.OVER_QUOTA;
      case DISABLED -> LmtpReply.DISABLED;
      case LATER -> LmtpReply.UNAVAILABLE;
    };
  }

  /** A delivery cancelled because the peer disconnected gets no reply. */
  static boolean answerable(Throwable failure) {
    return !(failure instanceof CancellationException);
  }

  /** The reply to a failure; one that does not come from the store is a bug, and logged. */
  static LmtpReply answer(Throwable failure) {
    if (failure instanceof StoreException store) {
      return answer(store.failure());
    }
    LOG.log(Level.ERROR, "A delivery failed; the sending agent is asked to try again", failure);
    return LmtpReply.TRY_LATER;
  }

  private static LmtpReply answer(StoreFailure failure) {
    return switch (failure) {
      case StoreFailure.OverQuota _ -> LmtpReply.OVER_QUOTA;
      case StoreFailure.Unavailable _ -> LmtpReply.UNAVAILABLE;
      case StoreFailure.NoSuchMailbox _,
          StoreFailure.MailboxGone _,
          StoreFailure.Damaged _,
          StoreFailure.AlreadyExists _,
          StoreFailure.AccountExists _,
          StoreFailure.AccountDeleted _,
          StoreFailure.SpecialUseTaken _,
          StoreFailure.NoRight _,
          StoreFailure.NotPermitted _,
          StoreFailure.LimitReached _ ->
          LmtpReply.TRY_LATER;
    };
  }
}
