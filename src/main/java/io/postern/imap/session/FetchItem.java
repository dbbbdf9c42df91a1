package io.postern.imap.session;

import io.postern.imap.grammar.FetchText;
import io.postern.imap.grammar.ResponseText;
import io.postern.mime.MessageFacts;
import io.postern.model.Keywords;
import io.postern.model.MessageInfo;
import io.postern.store.Messages.Content;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** A FETCH data item as one command asked for it (RFC 3501 §6.4.5). */
public interface FetchItem {
  /** What it must have at hand. */
  enum Need {
    /** What the index knows. */
    INFO,
    /** What was computed at delivery. */
    CONTENT,
    /** The bytes themselves. */
    BYTES
  }

  /** A kind of item: its name, and how what may stand behind it is read. */
  record Kind(String name, FetchText.ItemReader<FetchItem> reader) {}

  /**
   * A message of which something is fetched.
   *
   * @param number its sequence number in the client's view
   * @param info what the index knows
   * @param keywords by which its flags are packed
   * @param recent whether it is recent in this session
   * @param content facts and blob; there when an item of the command needs them
   */
  record Row(
      long number, MessageInfo info, Keywords keywords, boolean recent, Optional<Content> content) {
    /** What was computed at delivery; only for items that said they need it. */
    public MessageFacts facts() {
      return content.orElseThrow().facts();
    }
  }

  /** What it must have at hand. */
  Need need();

  /** Whether asking for it sets {@code \Seen}. */
  default boolean setsSeen() {
    return false;
  }

  /** Whether {@link #write} can say it of this message; else {@link #stream} does. */
  default boolean atHand(Row row) {
    return need() != Need.BYTES;
  }

  /** How many octets {@link #write} adds at most, some tens of octets aside. */
  default long octets(Row row) {
    return 0;
  }

  /** Whether the header that is kept with the facts is of use. */
  default boolean wantsHeader() {
    return false;
  }

  /** Writes name and value, of what is at hand. */
  void write(Row row, ResponseText out);

  /**
   * Writes name and value, with bytes from the store as the client takes them. Whoever fails amid a
   * literal breaks the connection off: nothing else can be said there.
   *
   * @param before what stands before it on the line and was not written yet; it is written with the
   *     first octets of the value, so that a failure to get those can still be a NO
   */
  default Uni<Void> stream(Row row, CommandContext context, ResponseText before) {
    write(row, before);
    context.reply().write(before);
    return Uni.createFrom().voidItem();
  }
}
