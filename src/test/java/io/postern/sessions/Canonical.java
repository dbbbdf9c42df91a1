package io.postern.sessions;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Brings answers into the form in which they are compared: data without order becomes a bag. */
final class Canonical {
  private Canonical() {}

  /** The canonical form of the fields of an untagged answer or of a response code. */
  static Node of(List<Node> fields) {
    if (fields.isEmpty()) {
      return new Node.Row(fields);
    }
    var second = fields.size() > 1 ? name(fields.get(1)) : "";
    if ((second.equals("FETCH") || second.equals("UIDFETCH")) && fields.size() == 3) {
      return new Node.Row(List.of(fields.get(0), fields.get(1), items(fields.get(2))));
    }
    return switch (name(fields.getFirst())) {
      case "CAPABILITY", "SEARCH", "ENABLED" -> new Node.Bag(fields);
      case "FLAGS", "PERMANENTFLAGS", "BADCHARSET" ->
          new Node.Row(fields.stream().map(Canonical::bag).toList());
      case "LIST", "LSUB" -> listing(fields);
      case "STATUS" -> status(fields);
      case "ID" -> new Node.Row(fields.stream().map(Canonical::pairs).toList());
      default -> new Node.Row(fields);
    };
  }

  private static String name(Node node) {
    return node instanceof Node.Word(var text) ? text.toUpperCase(Locale.ROOT) : "";
  }

  private static Node bag(Node node) {
    return node instanceof Node.Row(var items) ? new Node.Bag(items) : node;
  }

  /** LIST (attributes) delimiter name. */
  private static Node listing(List<Node> fields) {
    var shaped = new ArrayList<>(fields);
    if (fields.size() >= 4) {
      shaped.set(1, bag(fields.get(1)));
      shaped.set(3, mailbox(fields.get(3)));
    }
    return new Node.Row(shaped);
  }

  private static Node status(List<Node> fields) {
    if (fields.size() != 3) {
      return new Node.Row(fields);
    }
    return new Node.Row(List.of(fields.get(0), mailbox(fields.get(1)), pairs(fields.get(2))));
  }

  /** A mailbox name counts by its octets, INBOX by its letters (RFC 3501 §5.1). */
  private static Node mailbox(Node node) {
    return switch (node) {
      case Node.Word(var text) when !text.equalsIgnoreCase("INBOX") && !text.startsWith("$") ->
          new Node.Text(text);
      case Node.Text(var octets) when octets.equalsIgnoreCase("INBOX") -> new Node.Word(octets);
      case Node.Word _, Node.Text _, Node.Loose _, Node.Row _, Node.Bag _, Node.Rest _ -> node;
    };
  }

  private static Node items(Node node) {
    return pairs(node) instanceof Node.Bag(var items)
        ? new Node.Bag(items.stream().map(Canonical::item).toList())
        : node;
  }

  private static Node item(Node pair) {
    if (!(pair instanceof Node.Row(var items)) || items.size() != 2) {
      return pair;
    }
    var value = items.get(1);
    return switch (name(items.getFirst())) {
      case "FLAGS" -> new Node.Row(List.of(items.getFirst(), bag(value)));
      case "BODY", "BODYSTRUCTURE" -> new Node.Row(List.of(items.getFirst(), loose(value)));
      default -> pair;
    };
  }

  private static Node loose(Node node) {
    return switch (node) {
      case Node.Text(var octets) -> new Node.Loose(octets);
      case Node.Row(var items) -> new Node.Row(items.stream().map(Canonical::loose).toList());
      case Node.Word _, Node.Loose _, Node.Bag _, Node.Rest _ -> node;
    };
  }

  /** A list of keys and values; {@code ...} and {@code !key} of a script stand alone. */
  private static Node pairs(Node node) {
    if (!(node instanceof Node.Row(var items))) {
      return node;
    }
    var pairs = new ArrayList<Node>();
    for (var at = 0; at < items.size(); at++) {
      var key = items.get(at);
      var alone = key instanceof Node.Rest || name(key).startsWith("!") || at + 1 == items.size();
      pairs.add(alone ? key : new Node.Row(List.of(key, items.get(++at))));
    }
    return new Node.Bag(pairs);
  }
}
