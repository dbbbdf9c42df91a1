package io.postern.imap.extension;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.response.Untagged;
import io.postern.imap.response.Untagged.UidRange;
import io.postern.imap.selected.View;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;

/**
 * UIDBATCHES (RFC 10022): ranges of UIDs that have so many messages each, for clients that work
 * through a mailbox piece by piece. An answer costs a look into the index for each batch, so asking
 * again is not limited.
 */
public final class UidBatches implements Extension {
  /** Fewest messages of a batch (RFC 10022 §3.1.3.2). */
  static final long FEWEST = 500;

  /** Most messages that the batches asked for may have together (RFC 10022 §3.1.5). */
  static final long MOST = 100_000;

  @Override
  public int rfc() {
    return 10022;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("UIDBATCHES");
  }

  @Override
  public List<Verb> verbs() {
    return List.of(Verb.of("UIDBATCHES", UidBatches::parse));
  }

  private static Command parse(Arguments in) throws BadSyntax {
    in.space();
    long size = positive(in);
    long first = 1;
    long last = Long.MAX_VALUE;
    if (in.trySpace()) {
      first = positive(in);
      in.octet(':', "a range of batches");
      last = positive(in);
      if (first > last) {
        throw new BadSyntax("a range of batches in ascending order", in.position(), "CLIENTBUG");
      }
    }
    in.end();
    return new Batches(size, first, last);
  }

  private static long positive(Arguments in) throws BadSyntax {
    long start = in.position();
    long number = in.number();
    if (number == 0) {
      throw new BadSyntax("a number above 0", start);
    }
    return number;
  }

  /**
   * The command.
   *
   * @param size messages of a batch
   * @param first the batch with the greatest UIDs that is returned, counted from 1
   * @param last the batch with the least UIDs that is returned
   */
  private record Batches(long size, long first, long last) implements Command.Mailbox {
    private boolean isAll() {
      return last == Long.MAX_VALUE;
    }

    @Override
    public Uni<Outcome> run(CommandContext context, State.Selected state) {
      if (size < FEWEST) {
        return Outcome.no("TOOFEW", "A batch has at least " + FEWEST + " messages.").now();
      }
      if (!isAll() && last - first + 1 > MOST / size) {
        var text = "A range of batches has at most " + MOST + " messages.";
        return Outcome.no("TOOMANY", text).now();
      }
      var view = state.view();
      return context
          .updates()
          .index(view, false)
          .map(
              index -> {
                var batches = new Untagged.UidBatches(context.tag(), ranges(view, index));
                context.reply().send(batches);
                return Outcome.ok("UIDBATCHES completed.");
              });
    }

    /** Batches border on each other, and the last one ends with 1: no UID is in none. */
    private List<UidRange> ranges(View view, MailboxIndex index) {
      var ranges = new ArrayList<UidRange>();
      long present = view.present(index);
      long end = present - (first - 1) * size;
      for (long batch = first; batch <= last && end > 0; batch++) {
        long begin = Math.max(0, end - size);
        long least = begin == 0 ? 1 : index.uid((int) begin);
        ranges.add(new UidRange(greatest(index, end, present), least));
        end = begin;
      }
      return ranges;
    }

    /** The UID before the batch above, or the greatest of all. */
    private static long greatest(MailboxIndex index, long end, long present) {
      return end == present ? index.uid((int) end - 1) : index.uid((int) end) - 1;
    }
  }
}
