package io.postern.imap.extension;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.ModSeqText;
import io.postern.imap.grammar.SetText;
import io.postern.imap.response.FetchData;
import io.postern.imap.response.ResponseWriter;
import io.postern.imap.response.Untagged;
import io.postern.imap.selected.View;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.FetchModifier;
import io.postern.imap.spi.MessageSet;
import io.postern.imap.spi.SelectParameter;
import io.postern.imap.state.ConnectionState;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * QRESYNC (RFC 7162 §3.2): a client that comes back gets the changes and the expunges since its
 * last mod-sequence in the response to SELECT, and hears of expunges by UID from then on.
 */
public final class Qresync implements Extension {
  /** Its name for ENABLE, and of its capability. */
  private static final String NAME = "QRESYNC";

  @Override
  public int rfc() {
    return 7162;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of(NAME);
  }

  /** RFC 7162 §3.2: all of CONDSTORE is a part of it. */
  @Override
  public Set<String> requires() {
    return Set.of(CondStore.NAME, "ENABLE");
  }

  @Override
  public List<Enabling> enables() {
    return List.of(new Enabling(NAME, Set.of(CondStore.NAME), Enabling.Hook.NONE));
  }

  @Override
  public List<SelectParameter> selectParameters() {
    return List.of(new SelectParameter(NAME, Qresync::known));
  }

  @Override
  public List<FetchModifier> fetchModifiers() {
    return List.of(
        new FetchModifier(
            "VANISHED",
            (in, context) -> {
              requireEnabled(in, context);
              return new Vanished();
            }));
  }

  /** RFC 7162 §3.2.3 */
  private static void requireEnabled(Arguments in, CommandContext context) throws BadSyntax {
    if (!context.enabled().qresync()) {
      throw in.expected("ENABLE QRESYNC before this command");
    }
  }

  /** Parses the parameter's arguments (RFC 7162 §3.2.5). */
  private static Known known(Arguments in, CommandContext context) throws BadSyntax {
    requireEnabled(in, context);
    in.space();
    in.openList();
    long uidValidity = in.number();
    long modSeq = ModSeqText.orZero(in);
    Optional<NumberSet> uids = Optional.empty();
    Optional<Sample> sample = Optional.empty();
    boolean more = in.trySpace();
    if (more && SetText.isNext(in)) {
      uids = Optional.of(ModSeqText.knownSet(in));
      more = in.trySpace();
    }
    if (more && in.tryOpenList()) {
      // RFC 9586 §3.7
      context.requireNumbers(in);
      var numbers = ModSeqText.ascendingSet(in);
      in.space();
      sample = Optional.of(new Sample(numbers, ModSeqText.ascendingSet(in)));
      in.closeList();
    }
    in.closeList();
    return new Known(uidValidity, modSeq, uids, sample);
  }

  /**
   * What the client knew when it left the mailbox.
   *
   * @param uids of the messages that it wants to hear of; empty for all
   */
  private record Known(
      long uidValidity, long modSeq, Optional<NumberSet> uids, Optional<Sample> sample)
      implements SelectParameter.Effect {
    /**
     * RFC 7162 §3.2.5.1: the response to a UID FETCH of the flags, with CHANGEDSINCE and VANISHED.
     */
    @Override
    public Uni<Void> opened(CommandContext context, View view, MailboxIndex index) {
      if (index.uidValidity().value() != uidValidity || index.uidNext() == 1) {
        return Uni.createFrom().voidItem();
      }
      var all = NumberSet.range(1, index.uidNext() - 1);
      var wanted = uids.map(all::intersection).orElse(all);
      return context
          .ports()
          .indexes()
          .vanishedSince(view.mailbox(), index, since(modSeq))
          .chain(
              gone -> context.reply().sendVanished(unknown(index, gone.intersection(wanted)), true))
          .chain(() -> sendChanged(context.reply(), view, index, wanted));
    }

    private NumberSet unknown(MailboxIndex index, NumberSet vanished) {
      return sample
          .map(it -> it.knownUpTo(index))
          .filter(upTo -> upTo > 0)
          .map(upTo -> vanished.minus(NumberSet.range(1, upTo)))
          .orElse(vanished);
    }

    private Uni<Void> sendChanged(
        ResponseWriter reply, View view, MailboxIndex index, NumberSet wanted) {
      int[] changed =
          index
              .changedSince(since(modSeq))
              .filter(position -> wanted.contains(index.uid(position)))
              .toArray();
      return reply.each(changed.length, i -> sendFlags(reply, view, index, changed[i]));
    }

    private static void sendFlags(
        ResponseWriter reply, View view, MailboxIndex index, int position) {
      long uid = index.uid(position);
      var flags =
          new FetchData.FlagList(index.flags(position), index.keywords(), view.isRecent(uid));
      reply.send(
          new Untagged.MessageFlags(position + 1, uid, true, flags, index.modSeqAt(position)));
    }
  }

  /** Of a mod-sequence that clients give before they have one, all changes are later. */
  private static ModSeq since(long modSeq) {
    return new ModSeq(Math.max(1, modSeq));
  }

  /**
   * A sample of what the client knows (RFC 7162 §3.2.5.2).
   *
   * @param numbers sequence numbers
   * @param uids of the messages that had these numbers
   */
  private record Sample(NumberSet numbers, NumberSet uids) {
    /**
     * The greatest UID up to which the client knows of all expunges: in the mailbox and in the
     * client's memory as many messages lie below it, and none was added there. 0 for none.
     *
     * <p>Both sets are compared range by range: time depends neither on the length of the ranges
     * nor on the mailbox.
     */
    long knownUpTo(MailboxIndex index) {
      long known = 0;
      int numberRange = 0;
      int uidRange = 0;
      long number = numbers.first(0);
      long uid = uids.first(0);
      while (true) {
        long length = Math.min(numbers.last(numberRange) - number, uids.last(uidRange) - uid) + 1;
        long matching = matching(index, number, uid, length);
        known = matching == 0 ? known : uid + matching - 1;
        number += length;
        uid += length;
        numberRange += number > numbers.last(numberRange) ? 1 : 0;
        uidRange += uid > uids.last(uidRange) ? 1 : 0;
        if (matching < length || numberRange == numbers.ranges() || uidRange == uids.ranges()) {
          return known;
        }
        number = Math.max(number, numbers.first(numberRange));
        uid = Math.max(uid, uids.first(uidRange));
      }
    }

    /** How many of so many numbers and UIDs match. UIDs ascend: behind a mismatch none does. */
    private static long matching(MailboxIndex index, long number, long uid, long length) {
      long low = 0;
      long high = Math.clamp(index.size() - number + 1, 0, length);
      while (low < high) {
        long middle = (low + high) >>> 1;
        if (index.uid((int) (number - 1 + middle)) == uid + middle) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }

  /** RFC 7162 §3.2.6 */
  private record Vanished() implements FetchModifier.Effect {
    @Override
    public Optional<String> missing(FetchModifier.Use use) {
      if (!use.byUid()) {
        return Optional.of("UID FETCH, which alone has VANISHED");
      }
      return use.changedSince().isEmpty()
          ? Optional.of("CHANGEDSINCE beside VANISHED")
          : Optional.empty();
    }

    @Override
    public Uni<Void> before(
        CommandContext context, View view, MailboxIndex index, FetchModifier.Use use) {
      var wanted = wanted(use.set(), index);
      if (wanted.isEmpty()) {
        return Uni.createFrom().voidItem();
      }
      return context
          .ports()
          .indexes()
          .vanishedSince(view.mailbox(), index, since(use.changedSince().orElseThrow()))
          .map(wanted::intersection)
          // RFC 7162 §3.2.10: the client still counts these; the updates of the command follow.
          .chain(gone -> context.reply().sendVanished(gone.minus(view.gone(gone)), true));
    }

    /** The star is the last UID given out, so that an expunged last message is in the set too. */
    private static NumberSet wanted(MessageSet set, MailboxIndex index) {
      if (index.uidNext() == 1) {
        return NumberSet.EMPTY;
      }
      long last = index.uidNext() - 1;
      return switch (set) {
        case MessageSet.Uids(var uids) -> uids.resolve(last).intersection(NumberSet.range(1, last));
        case MessageSet.Marked(var uids) -> uids;
        case MessageSet.Numbers _ -> NumberSet.EMPTY;
      };
    }
  }
}
