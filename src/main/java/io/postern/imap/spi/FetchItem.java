package io.postern.imap.spi;

import io.postern.imap.grammar.FetchText;
import io.postern.imap.response.FetchData;
import io.postern.imap.response.ResponseWriter;
import io.postern.imap.state.Outcome;
import io.postern.mime.MessageFacts;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.model.message.InternalDate;
import io.postern.model.message.Keywords;
import io.postern.model.message.MessageInfo;
import io.postern.store.Blobs;
import io.postern.store.Messages.Content;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** A FETCH data item as requested by one command (RFC 3501 §6.4.5). */
public interface FetchItem {
  /** The mod-sequence of the last change (RFC 7162 §3.1.4.2); asking for it enables CONDSTORE. */
  FetchItem MODSEQ =
      new FetchItem() {
        @Override
        public Need need() {
          return Need.INDEX;
        }

        @Override
        public Set<String> enables() {
          return Set.of("CONDSTORE");
        }

        @Override
        public FetchData data(Row row) {
          return new FetchData.ModSequence(row.modSeq());
        }
      };

  /**
   * What items need of a message beside its index entry.
   *
   * @param facts computed at delivery: the ranges of its parts, and what the others name
   * @param structure ENVELOPE, BODY and BODYSTRUCTURE among the facts
   * @param header the header stored with the facts
   * @param bytes the message itself
   */
  record Need(boolean facts, boolean structure, boolean header, boolean bytes) {
    /** The index entry alone. */
    public static final Need INDEX = new Need(false, false, false, false);

    /** ENVELOPE, BODY or BODYSTRUCTURE. */
    public static final Need STRUCTURE = new Need(true, true, false, false);

    /** The message's header. */
    public static final Need HEADER = new Need(true, false, true, false);

    /** The message's bytes. */
    public static final Need BYTES = new Need(true, false, false, true);

    /** What either of two needs. */
    public Need and(Need other) {
      return new Need(
          facts || other.facts,
          structure || other.structure,
          header || other.header,
          bytes || other.bytes);
    }
  }

  /** A kind of item: its name, and the reader of what may follow it. */
  record Kind(String name, FetchText.ItemReader<FetchItem> reader) {}

  /**
   * A message whose items are fetched.
   *
   * @param number its sequence number in the client's view
   * @param flags packed by the keywords
   * @param modSeq the mod-sequence of its last change
   * @param recent whether it is recent in this session
   * @param entry what the index has of it besides
   * @param content facts and blob; present when an item of the command needs them
   */
  record Row(
      long number,
      long uid,
      long flags,
      long modSeq,
      Keywords keywords,
      boolean recent,
      Entry entry,
      Optional<Content> content) {
    /** The facts computed at delivery; only for items that declare the need. */
    public MessageFacts facts() {
      return content.orElseThrow().facts();
    }
  }

  /**
   * The index entry of a message, looked up when it is asked for.
   *
   * @param shownSize octets of the message when it is not shown as it is stored; else negative
   */
  record Entry(AccountId account, MailboxIndex index, int position, int shownSize) {
    /** Of a message whose size is not requested. */
    public Entry(AccountId account, MailboxIndex index, int position) {
      this(account, index, position, -1);
    }

    /** Octets of the message. */
    public int size() {
      return shownSize < 0 ? index.sizeAt(position) : shownSize;
    }

    /** When it was received. */
    public InternalDate internalDate() {
      return index.internalDateAt(position);
    }

    /** When it was added to the mailbox. */
    public Instant saved() {
      return info().saved();
    }

    /** Its content. */
    public ContentId content() {
      return index.contentAt(position);
    }

    /** All of the entry. */
    public MessageInfo info() {
      return index.info(position);
    }
  }

  /** What it needs of a message. */
  Need need();

  /** What a FETCH with it enables as ENABLE does, in capitals. */
  default Set<String> enables() {
    return Set.of();
  }

  /** Whether fetching it sets {@code \Seen}. */
  default boolean setsSeen() {
    return false;
  }

  /**
   * The item for one message, for the three questions below: what they have in common is found
   * once.
   */
  default FetchItem of(Row row) {
    return this;
  }

  /**
   * Why this message's value can't be given, if so: it is left out, and the command ends with this.
   */
  default Optional<Outcome.No> refusal(Row row) {
    return Optional.empty();
  }

  /** Whether {@link #data} has this message's value in memory; otherwise {@link #read} does. */
  default boolean atHand(Row row) {
    return true;
  }

  /**
   * How many octets are gone through to send it, some tens of octets aside: {@link #data} has no
   * more than these.
   */
  default long octets(Row row) {
    return 0;
  }

  /** The value of a message that is {@link #atHand}. */
  FetchData data(Row row);

  /**
   * Reads the value of a message that is not at hand, or what has to be known before its octets.
   *
   * @param blobs has the message's bytes
   * @param reply of the command, which bounds how much is read ahead
   * @return fails when the message's bytes can't be read
   */
  default Uni<FetchData> read(Row row, Blobs blobs, ResponseWriter reply) {
    throw new IllegalStateException("this item is always at hand");
  }
}
