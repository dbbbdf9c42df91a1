package io.postern.store;

import io.postern.mime.MessageFacts;
import io.postern.mime.search.IndexedText;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.BlobId;
import io.postern.model.Ids.ContentId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxState;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.UidValidity;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.InternalDate;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageColumns;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;

/** The messages of a mailbox. Every call with a mailbox may fail with MailboxGone. */
public interface Messages extends IndexReader {
  /** A message to append to a mailbox. */
  record NewMessage(Staged staged, Flags flags, InternalDate internalDate) {}

  /**
   * The result of a change to a mailbox.
   *
   * @param state the counters right after it
   * @param previous the mailbox's highest mod-sequence right before it: an index at this
   *     mod-sequence may apply the change itself
   * @param modSeq given to all rows it changed; equal to {@code previous} when it changed nothing
   * @param changed the rows after it, ascending by UID: appended, or with changed flags
   * @param gone the UIDs it removed
   * @param keywords the mailbox's keywords after it
   * @param modified the messages that it left as they were because its condition was not met
   */
  record Changed(
      MailboxState state,
      ModSeq previous,
      ModSeq modSeq,
      MessageColumns changed,
      NumberSet gone,
      Keywords keywords,
      NumberSet modified) {
    /** The result of a change without a condition. */
    public Changed(
        MailboxState state,
        ModSeq previous,
        ModSeq modSeq,
        MessageColumns changed,
        NumberSet gone,
        Keywords keywords) {
      this(state, previous, modSeq, changed, gone, keywords, NumberSet.EMPTY);
    }

    /** A copy with the messages for which the condition was not met. */
    public Changed modified(NumberSet uids) {
      return new Changed(state, previous, modSeq, changed, gone, keywords, uids);
    }
  }

  /**
   * The result of an append.
   *
   * @param mailbox where the messages are
   * @param change of that mailbox; messages below its {@code firstRecent} were claimed
   */
  record Appended(MailboxKey mailbox, Changed change) {}

  /**
   * The result of COPY or MOVE.
   *
   * @param mailbox the target
   * @param uidValidity of the target mailbox
   * @param from the source UIDs that existed, ascending
   * @param to the UIDs assigned to them, ascending, as many and in the same order
   * @param target the change of the target mailbox
   * @param source the change of the source mailbox; empty for COPY
   */
  record Copied(
      MailboxKey mailbox,
      UidValidity uidValidity,
      NumberSet from,
      NumberSet to,
      Optional<Changed> target,
      Optional<Changed> source) {}

  /**
   * A snapshot of a whole mailbox at one bound.
   *
   * @param state its counters at that bound
   * @param messages all of its messages
   * @param keywords its keywords
   */
  record Loaded(MailboxState state, MessageColumns messages, Keywords keywords) {}

  /**
   * The changes to a mailbox after a mod-sequence.
   *
   * @param state the bound up to which changes are included; read first, so that none is missed
   * @param changed messages that were added or whose flags changed, as they are now
   * @param gone UIDs removed since, ascending; may include some that the caller never knew
   * @param keywords the mailbox's keywords now
   */
  record Since(MailboxState state, MessageColumns changed, NumberSet gone, Keywords keywords) {}

  /**
   * Which parts of contents are read.
   *
   * @param structure whether the facts have ENVELOPE, BODY and BODYSTRUCTURE; else these are empty
   * @param header whether the facts have the header; else it is empty, as if it were too long to be
   *     kept
   * @param bytes octets of the largest content whose bytes are read too, at most {@link
   *     Blobs#CHUNK}; 0 when the caller reads none, not from the blobs either
   */
  record Columns(boolean structure, boolean header, int bytes) {
    /** For {@link #bytes} when they are read from the blobs alone. */
    public static final int STREAMED = 1;

    /** All facts. */
    public static final Columns FACTS = new Columns(true, 0);

    /** With the header. */
    public Columns(boolean structure, int bytes) {
      this(structure, true, bytes);
    }
  }

  /**
   * What SEARCH reads of contents before all else, the day of their Date header aside.
   *
   * @param fields whether the indexed texts with their fields are read
   * @param signature whether the indexed texts with their signatures are read
   * @param header whether the headers are read of contents whose fields are not
   */
  record HeaderColumns(boolean fields, boolean signature, boolean header) {
    /** The day of the Date header alone. */
    public static final HeaderColumns DATES = new HeaderColumns(false, false, false);

    /** The headers. */
    public static final HeaderColumns HEADERS = new HeaderColumns(false, false, true);

    /** Whether indexed texts are read. */
    public boolean indexed() {
      return fields || signature;
    }
  }

  /**
   * What SEARCH reads of a content before all else.
   *
   * @param sent the day of the Date header in its own zone, when it can be parsed
   * @param indexed the indexed text, with what was asked for; empty when nothing was, or there is
   *     none of the format of this version
   * @param header the whole header with its empty line, as a client is shown it; empty when it was
   *     not asked for, or has {@link MessageFacts#MAX_HEADER} octets or more
   */
  record StoredHeader(
      Optional<LocalDate> sent, Optional<IndexedText> indexed, Optional<Buffer> header) {
    /** Octets that it holds in memory. */
    public long held() {
      return (long) indexed.map(IndexedText::length).orElse(0)
          + header.map(Buffer::length).orElse(0);
    }
  }

  /**
   * Contents that were read within a limit of octets.
   *
   * @param found those that are there
   * @param left those that are there and were left out, because they would exceed the limit
   */
  record Contents(Map<ContentId, Content> found, Set<ContentId> left) {}

  /**
   * The facts of a content, and where its bytes are.
   *
   * @param prefix octets before those of the blob; empty for most contents
   * @param bytes all its octets, the prefix included, if they were read too
   * @param composed where its octets are when they are not those of the prefix and the blob
   */
  record Content(
      ContentId id,
      BlobId blob,
      Buffer prefix,
      MessageFacts facts,
      Optional<Buffer> bytes,
      Optional<Blobs.Octets> composed) {
    /** A content as it is stored. */
    public Content(
        ContentId id, BlobId blob, Buffer prefix, MessageFacts facts, Optional<Buffer> bytes) {
      this(id, blob, prefix, facts, bytes, Optional.empty());
    }

    /** Octets that it holds in memory. */
    public long held() {
      return facts.held()
          + prefix.length()
          + bytes.map(Buffer::length).orElse(0)
          + composed.map(Blobs.Octets::held).orElse(0L);
    }

    /** A range of its octets, 1 or more; from the blob if they are not in memory. */
    public Multi<Buffer> read(Blobs blobs, long from, long length) {
      return read(blobs, from, length, () -> Blobs.CHUNK);
    }

    /**
     * The same in smaller pieces, if they are not in memory.
     *
     * @param most octets of the next piece, asked before each is read
     */
    public Multi<Buffer> read(Blobs blobs, long from, long length, IntSupplier most) {
      return bytes
          .map(all -> Multi.createFrom().item(slice(all, from, length)))
          .orElseGet(() -> stored(blobs, from, length, most));
    }

    private Multi<Buffer> stored(Blobs blobs, long from, long length, IntSupplier most) {
      if (composed.isPresent()) {
        return composed.get().read(blobs, from, length, most);
      }
      long skipped = from - prefix.length();
      if (skipped >= 0) {
        return blobs.read(blob, skipped, length, most);
      }
      var first = Multi.createFrom().item(slice(prefix, from, length));
      return length + skipped <= 0
          ? first
          : Multi.createBy()
              .concatenating()
              .streams(first, blobs.read(blob, 0, length + skipped, most));
    }

    private static Buffer slice(Buffer all, long from, long length) {
      int start = (int) Math.min(from, all.length());
      return all.slice(start, (int) Math.min(all.length(), start + length));
    }
  }

  /**
   * Appends messages to a mailbox, all or none, with ascending UIDs in the order given.
   *
   * <p>Fails with LimitReached (keywords), OverQuota, NoSuchMailbox (no mailbox has the name).
   */
  Uni<Appended> append(Destination to, List<NewMessage> messages);

  /** The same to a mailbox whose key is known. */
  default Uni<Changed> append(MailboxKey mailbox, List<NewMessage> messages) {
    return append(new Destination.Keyed(mailbox), messages).map(Appended::change);
  }

  /**
   * Changes flags of the messages that still exist, in one statement; a message whose flags stay
   * the same keeps its mod-sequence. A condition of the update is tested for each message at the
   * moment of the change. Fails with LimitReached (keywords).
   */
  Uni<Changed> storeFlags(MailboxKey mailbox, NumberSet uids, FlagsUpdate update);

  /**
   * Copies the messages that still exist, flags and dates kept (RFC 3501 §6.4.7). Fails with
   * NoSuchMailbox when no mailbox has the name.
   */
  Uni<Copied> copy(MailboxKey from, NumberSet uids, Destination to);

  /** The same to a mailbox whose key is known. */
  default Uni<Copied> copy(MailboxKey from, NumberSet uids, MailboxKey to) {
    return copy(from, uids, new Destination.Keyed(to));
  }

  /**
   * Moves the messages that still exist, in one transaction (RFC 6851). Fails with NoSuchMailbox
   * when no mailbox has the name.
   */
  Uni<Copied> move(MailboxKey from, NumberSet uids, Destination to);

  /** The same to a mailbox whose key is known. */
  default Uni<Copied> move(MailboxKey from, NumberSet uids, MailboxKey to) {
    return move(from, uids, new Destination.Keyed(to));
  }

  /** Removes the messages marked {@code \Deleted}, of these UIDs if given (RFC 3501 §6.4.3). */
  Uni<Changed> expunge(MailboxKey mailbox, Optional<NumberSet> uids);

  /** Removes those of the messages that still exist, whatever their flags (RFC 8508 §3.4). */
  Uni<Changed> remove(MailboxKey mailbox, NumberSet uids);

  /**
   * Removes the messages that still exist and releases the lock on their mailbox, in one
   * transaction (RFC 1939 §6). Empty, with nothing changed, when the lock is lost.
   */
  Uni<Optional<Changed>> update(MaildropLock lock, NumberSet uids);

  /**
   * The account's contents that have more octets than their size when every line ends with CRLF,
   * and how many they have then; few do. A size not recorded at delivery is computed once.
   */
  Uni<Map<ContentId, Long>> crlfSizes(AccountId account);

  /**
   * The contents asked for, in this order, as long as all together hold no more than so many octets
   * ({@link Content#held}, prefixes aside); the first one in any case. One that is gone is in
   * neither set of the answer. At most 1,000 at a time.
   */
  Uni<Contents> contents(
      AccountId account, Collection<ContentId> ids, Columns columns, long octets);

  /**
   * Reads the headers of contents, or what is kept of them for SEARCH; a removed one is left out.
   * At most 1,000 at a time. The caller bounds their octets: a header has no more than its message,
   * and less than {@link MessageFacts#MAX_HEADER}.
   */
  Uni<Map<ContentId, StoredHeader>> headers(
      AccountId account, Collection<ContentId> ids, HeaderColumns columns);

  /**
   * Loads contents into memory that will probably be read soon, as {@link #contents} would; without
   * effect where there is no cache.
   */
  default Uni<Void> prefetch(
      AccountId account, Collection<ContentId> ids, Columns columns, long octets) {
    return Uni.createFrom().voidItem();
  }

  /** Reads contents; a removed one is left out. At most 1,000 at a time. */
  default Uni<Map<ContentId, Content>> contents(
      AccountId account, Collection<ContentId> ids, Columns columns) {
    return contents(account, ids, columns, Long.MAX_VALUE).map(Contents::found);
  }
}
