package io.postern.sessions;

import static io.postern.sessions.ResponseSyntax.word;

import io.postern.imap.response.EnabledExtensions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** FETCH responses without what a client gets only because of what it enabled. */
final class FetchForms {
  private FetchForms() {}

  /** The answer without UID, without MODSEQ and without both; none if it is no FETCH. */
  static List<Answer> of(Answer answer, EnabledExtensions enabled) {
    var extra = new ArrayList<Set<String>>();
    if (enabled.qresync() || enabled.uidOnly()) {
      extra.add(Set.of("UID"));
    }
    if (enabled.qresync()) {
      extra.add(Set.of("MODSEQ"));
      extra.add(Set.of("UID", "MODSEQ"));
    }
    if (enabled.qresync() && isStatus(answer)) {
      return List.of(without(answer, pairs(answer), Set.of("HIGHESTMODSEQ")));
    }
    return items(answer).stream()
        .flatMap(items -> extra.stream().map(names -> without(answer, items, names)))
        .toList();
  }

  private static Answer without(Answer answer, List<Node> items, Set<String> names) {
    return with(answer, items.stream().filter(item -> !names.contains(name(item))).toList());
  }

  /** Whether it shows nothing but which mod-sequence a message has. */
  static boolean isModSeqAlone(Answer answer) {
    return items(answer)
        .filter(items -> items.stream().allMatch(it -> Set.of("UID", "MODSEQ").contains(name(it))))
        .isPresent();
  }

  /** RFC 9051 Appendix E: there is no RECENT, and no flag of this name. */
  static List<Answer> withoutRecent(Answer expected) {
    if (expected.recent()) {
      return List.of();
    }
    return List.of(
        items(expected)
            .map(items -> with(expected, items.stream().map(FetchForms::withoutFlag).toList()))
            .orElse(expected));
  }

  private static Node withoutFlag(Node item) {
    return item instanceof Node.Row(var pair)
            && pair.size() == 2
            && pair.get(1) instanceof Node.Bag(var flags)
        ? new Node.Row(
            List.of(
                pair.getFirst(),
                new Node.Bag(flags.stream().filter(it -> !word(it).equals("\\RECENT")).toList())))
        : item;
  }

  /** RFC 5465 §5.1: with CONDSTORE, the status of a changed mailbox has its mod-sequence. */
  private static boolean isStatus(Answer answer) {
    return answer.data() instanceof Node.Row(var fields)
        && fields.size() == 3
        && word(fields.getFirst()).equals("STATUS");
  }

  private static List<Node> pairs(Answer answer) {
    return ((Node.Row) answer.data()).items().get(2) instanceof Node.Bag(var items)
        ? items
        : List.of();
  }

  private static Optional<List<Node>> items(Answer answer) {
    return answer.data() instanceof Node.Row(var fields)
            && fields.size() == 3
            && Set.of("FETCH", "UIDFETCH").contains(word(fields.get(1)))
            && fields.get(2) instanceof Node.Bag(var items)
        ? Optional.of(items)
        : Optional.empty();
  }

  private static Answer with(Answer answer, List<Node> items) {
    var fields = ((Node.Row) answer.data()).items();
    var data = new Node.Row(List.of(fields.get(0), fields.get(1), new Node.Bag(items)));
    return new Answer(answer.raw(), answer.tag(), data, answer.words(), answer.open());
  }

  private static String name(Node item) {
    return item instanceof Node.Row(var pair) && !pair.isEmpty() ? word(pair.getFirst()) : "";
  }
}
