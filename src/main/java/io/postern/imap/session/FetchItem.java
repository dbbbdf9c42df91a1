package io.postern.imap.session;

import io.postern.imap.grammar.FetchText;
import io.postern.imap.grammar.ResponseText;
import io.postern.mime.MessageFacts;
import io.postern.model.Keywords;
import io.postern.model.MessageInfo;
import io.postern.store.Messages.Content;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** A FETCH data item as requested by one command (RFC 3501 §6.4.5). */
public interface FetchItem {
  /** The data that an item needs. */
  enum Need {
    /** The message's index entry. */
    INFO,
    /** The facts computed at delivery. */
    CONTENT,
    /** The message's bytes. */
    BYTES
  }

  /** A kind of item: its name, and the reader of what may follow it. */
  record Kind(String name, FetchText.ItemReader<FetchItem> reader) {}

  /**
   * A message whose items are fetched.
   *
   * @param number its sequence number in the client's view
   * @param info its index entry
   * @param keywords by which its flags are packed
   * @param recent whether it is recent in this session
   * @param content facts and blob; present when an item of the command needs them
   */
  record Row(
      long number, MessageInfo info, Keywords keywords, boolean recent, Optional<Content> content) {
    /** The facts computed at delivery; only for items that declare the need. */
    public MessageFacts facts() {
      return content.orElseThrow().facts();
    }
  }

  /** The data it needs. */
  Need need();

  /** Whether fetching it sets {@code \Seen}. */
  default boolean setsSeen() {
    return false;
  }

  /** Whether {@link #write} can write it for this message; otherwise {@link #stream} does. */
  default boolean atHand(Row row) {
    return need() != Need.BYTES;
  }

  /**
   * How many octets are gone through to say it, some tens of octets aside: {@link #write} adds no
   * more than these.
   */
  default long octets(Row row) {
    return 0;
  }

  /** Whether the item uses the header that is stored with the facts. */
  default boolean wantsHeader() {
    return false;
  }

  /** Writes name and value from loaded data. */
  void write(Row row, ResponseText out);

  /**
   * Writes name and value, streaming bytes from the store as fast as the client reads. A failure
   * amid a literal aborts the connection, because no response can be sent there.
   *
   * @param before the unwritten beginning of the line; written with the first octets of the value,
   *     so that a failure to read those can still be a NO
   */
  default Uni<Void> stream(Row row, CommandContext context, ResponseText before) {
    write(row, before);
    context.reply().write(before);
    return Uni.createFrom().voidItem();
  }
}
