package io.postern.sessions;

import static io.postern.sessions.ResponseSyntax.word;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The selected mailbox of a client, as the responses to it show. */
final class OpenedMailbox {
  private final Function<String, List<Long>> mailboxUids;
  private KnownUids known = new KnownUids();
  private String id = "";
  private Optional<Integer> exists = Optional.empty();
  private long highest;
  private int listed;

  /**
   * @param mailboxUids the UIDs of a mailbox now, by its object identifier
   */
  OpenedMailbox(Function<String, List<Long>> mailboxUids) {
    this.mailboxUids = mailboxUids;
  }

  KnownUids known() {
    return known;
  }

  /** The mailbox is left. */
  void closed() {
    known = new KnownUids();
    id = "";
    highest = 0;
  }

  void identified(Node code, SentCommand running) {
    if (running.selects() && code instanceof Node.Row(var ids)) {
      closed();
      id = ids.getFirst() instanceof Node.Word(var text) ? text : "";
      exists.ifPresent(count -> known.grow(count, mailboxUids.apply(id)));
    }
  }

  /** Notes the mod-sequence of a response code, which never falls. */
  void highest(String number) {
    var now = Long.parseLong(number);
    if (!id.isEmpty() && now < highest) {
      throw new AssertionError("HIGHESTMODSEQ fell from " + highest + " to " + now);
    }
    highest = now;
  }

  void exists(int count, SentCommand running) {
    if (running.selects()) {
      exists = Optional.of(count);
      if (!id.isEmpty()) {
        known.grow(count, mailboxUids.apply(id));
      }
    } else {
      known.grow(count, id.isEmpty() ? List.of() : mailboxUids.apply(id));
    }
  }

  void listed() {
    listed++;
  }

  /** The end of a SELECT. */
  void selected(String condition, boolean rev2) {
    if (condition.equals("NO")) {
      closed();
    } else if (rev2 && condition.equals("OK") && listed != 1) {
      throw new AssertionError(listed + " LIST responses to SELECT (RFC 9051 §6.3.2)");
    }
    exists = Optional.empty();
    listed = 0;
  }

  /** The sequence numbers of a set of UIDs, as a set. */
  String numbers(String uids) {
    return Arrays.stream(uids.split(",", -1))
        .flatMapToLong(OpenedMailbox::range)
        .mapToObj(uid -> Integer.toString(known.number(uid)))
        .collect(Collectors.joining(","));
  }

  /** The UIDs of one range of a set. */
  static LongStream range(String range) {
    var ends = range.split(":", -1);
    return LongStream.rangeClosed(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1]));
  }

  /** Notes which UID a FETCH shows for a number. */
  void saw(int number, List<Node> items) {
    for (var at = 0; at + 1 < items.size(); at += 2) {
      if (word(items.get(at)).equals("UID")) {
        known.saw(number, Long.parseLong(word(items.get(at + 1))));
      }
    }
  }
}
