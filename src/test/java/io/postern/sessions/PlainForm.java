package io.postern.sessions;

import static io.postern.sessions.ResponseSyntax.word;

import io.postern.imap.response.EnabledExtensions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads responses as a client would have them that enabled only what the script enables. */
final class PlainForm {
  private final EnabledExtensions own;
  private final EnabledExtensions all;
  private final OpenedMailbox mailbox;
  private final Map<String, SentCommand> sent;

  /**
   * @param own what the script enabled
   * @param all the same and what the variant enabled
   */
  PlainForm(
      EnabledExtensions own,
      EnabledExtensions all,
      OpenedMailbox mailbox,
      Map<String, SentCommand> sent) {
    this.own = own;
    this.all = all;
    this.mailbox = mailbox;
    this.sent = sent;
  }

  private boolean rev2() {
    return all.rev2() && !own.rev2();
  }

  /** The responses in place of this one, which comes while the command runs. */
  List<List<Node>> of(List<Node> fields, SentCommand running) {
    var first = word(fields.getFirst());
    if (ResponseSyntax.isNumber(first)) {
      return List.of(numbered(Long.parseLong(first), word(fields.get(1)), fields, running));
    }
    return switch (first) {
      case "VANISHED" -> fields.size() == 2 ? expunged(fields) : List.of(fields);
      case "ESEARCH" -> List.of(esearch(fields));
      case "SEARCH", "SORT", "THREAD" ->
          running.mapped() && running.searches()
              ? List.of(fields.stream().map(this::numbers).toList())
              : List.of(fields);
      case "LIST" -> {
        if (running.selects()) {
          mailbox.listed();
        }
        yield rev2() && running.selects() ? List.of() : List.of(fields);
      }
      default -> List.of(fields);
    };
  }

  private List<Node> numbered(long number, String kind, List<Node> fields, SentCommand running) {
    switch (kind) {
      case "EXISTS" -> mailbox.exists((int) number, running);
      case "EXPUNGE" -> mailbox.known().remove((int) number);
      case "FETCH" -> mailbox.saw((int) number, items(fields));
      case "UIDFETCH" -> {
        var plain = Integer.toString(mailbox.known().number(number));
        if (own.uidOnly()) {
          return fields;
        }
        var items = new ArrayList<>(items(fields));
        if (items.stream().noneMatch(it -> word(it).equals("UID"))) {
          items.add(new Node.Word("UID"));
          items.add(new Node.Word(Long.toString(number)));
        }
        return List.of(new Node.Word(plain), new Node.Word("FETCH"), new Node.Row(items));
      }
      default -> {}
    }
    return fields;
  }

  private static List<Node> items(List<Node> fields) {
    return ((Node.Row) fields.get(2)).items();
  }

  /** An EXPUNGE for each of the UIDs, unless the script expects them so. */
  private List<List<Node>> expunged(List<Node> fields) {
    var expunged = new ArrayList<List<Node>>();
    Arrays.stream(word(fields.get(1)).split(",", -1))
        .flatMapToLong(OpenedMailbox::range)
        .forEach(
            uid -> {
              var number = mailbox.known().number(uid);
              mailbox.known().remove(number);
              expunged.add(
                  List.of(new Node.Word(Integer.toString(number)), new Node.Word("EXPUNGE")));
            });
    return own.qresync() || own.uidOnly() ? List.of(fields) : expunged;
  }

  private List<Node> esearch(List<Node> fields) {
    if (fields.size() < 2
        || !(fields.get(1) instanceof Node.Row(var correlator))
        || correlator.size() != 2
        || !(correlator.get(1) instanceof Node.Text(var tag))) {
      return fields;
    }
    var command = sent.getOrDefault(tag, SentCommand.NONE);
    var found = command.mapped() ? byNumber(fields) : fields;
    return rev2() && command.plainSearch() ? search(found) : found;
  }

  /** Without UID, and with sequence numbers where UIDs stand. */
  private List<Node> byNumber(List<Node> fields) {
    var numbers = new ArrayList<Node>();
    var before = "";
    for (var field : fields) {
      var name = word(field);
      var uids = Set.of("ALL", "MIN", "MAX", "PARTIAL", "ADDTO", "REMOVEFROM").contains(before);
      if (!name.equals("UID")) {
        numbers.add(uids ? placed(field) : field);
      }
      before = name;
    }
    return numbers;
  }

  /** Numbers in place of UIDs, in pairs behind their places or range. */
  private Node placed(Node node) {
    if (!(node instanceof Node.Row(var pairs))) {
      return numbers(node);
    }
    var items = new ArrayList<Node>();
    for (var at = 0; at < pairs.size(); at++) {
      items.add(at % 2 == 0 ? pairs.get(at) : numbers(pairs.get(at)));
    }
    return new Node.Row(items);
  }

  private Node numbers(Node node) {
    return switch (node) {
      case Node.Word(var text) when text.matches("[1-9][0-9:,]*") ->
          new Node.Word(mailbox.numbers(text));
      case Node.Row(var items) when items.isEmpty() || !word(items.getFirst()).equals("MODSEQ") ->
          new Node.Row(items.stream().map(this::numbers).toList());
      case Node.Word _, Node.Text _, Node.Loose _, Node.Row _, Node.Bag _, Node.Rest _ -> node;
    };
  }

  /** RFC 9051 Appendix E: the same as a SEARCH response. */
  private static List<Node> search(List<Node> fields) {
    var search = new ArrayList<Node>();
    search.add(new Node.Word("SEARCH"));
    for (var at = 2; at < fields.size(); at++) {
      switch (word(fields.get(at))) {
        case "ALL" ->
            Arrays.stream(word(fields.get(++at)).split(",", -1))
                .flatMapToLong(OpenedMailbox::range)
                .forEach(number -> search.add(new Node.Word(Long.toString(number))));
        case "MODSEQ" -> search.add(new Node.Row(List.of(fields.get(at), fields.get(++at))));
        case "UID" -> {}
        default -> throw new AssertionError("SEARCH without RETURN has " + fields.get(at));
      }
    }
    return search;
  }
}
