package io.postern.render;

import io.postern.mime.PartTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The body of a message: the part that a reader reads first, in all the forms that the sender gave
 * it (RFC 2046 §5.1.4). What is beside it are attachments.
 *
 * @param node the part that is replaced when the body is shown in another form
 * @param alternatives the forms in their order
 * @param extras parts within the node that belong to no single form
 * @param inRelated whether these belong to an HTML form (RFC 2387)
 * @param inner the node without these
 */
record MessageBody(
    PartTree node,
    List<Alternative> alternatives,
    List<PartTree> extras,
    boolean inRelated,
    PartTree inner) {

  /**
   * One form of the body.
   *
   * @param leaf its text
   * @param carrier the part that stands among the alternatives: the leaf, or a multipart with it
   * @param extras the other parts of the carrier
   */
  record Alternative(TextKind kind, PartTree leaf, PartTree carrier, List<PartTree> extras) {
    Alternative {
      extras = List.copyOf(extras);
    }

    /** The same form within a greater part. */
    Alternative carriedBy(PartTree part) {
      return new Alternative(kind, leaf, part, others(part, leaf));
    }
  }

  MessageBody {
    alternatives = List.copyOf(alternatives);
    extras = List.copyOf(extras);
  }

  /** The kinds of the forms, calendars aside, in their order. */
  List<TextKind> kinds() {
    return alternatives.stream()
        .map(Alternative::kind)
        .filter(kind -> kind != TextKind.CALENDAR)
        .toList();
  }

  /** The form of a kind, if there is one: the last, which is the best. */
  Optional<Alternative> of(TextKind kind) {
    return alternatives.stream().filter(it -> it.kind() == kind).reduce((_, last) -> last);
  }

  /**
   * Finds the body of a message; empty when it has none, or one that must not be changed: signed
   * (RFC 1847, RFC 8551), encrypted, or a report for programs (RFC 6522).
   *
   * @param isAttachment whether a part has the disposition of an attachment (RFC 2183)
   */
  static Optional<MessageBody> find(PartTree part, Predicate<PartTree> isAttachment) {
    if (isProtected(part)) {
      return Optional.empty();
    }
    if (!part.isMultipart()) {
      return TextKind.of(part).filter(_ -> !isAttachment.test(part)).map(kind -> leaf(part, kind));
    }
    if (part.children().isEmpty()) {
      return Optional.empty();
    }
    return switch (part.subtype()) {
      case "alternative" -> alternative(part, isAttachment);
      case "related" ->
          find(part.children().getFirst(), isAttachment).map(inner -> related(part, inner));
      case "digest" -> Optional.empty();
      // RFC 2046 §5.1.3: others are treated as mixed
      default ->
          part.children().stream()
              .filter(child -> isBody(child, isAttachment))
              .findFirst()
              .flatMap(child -> find(child, isAttachment));
    };
  }

  private static boolean isBody(PartTree part, Predicate<PartTree> isAttachment) {
    return isProtected(part)
        || part.isMultipart()
        || (TextKind.of(part).isPresent() && !isAttachment.test(part));
  }

  private static boolean isProtected(PartTree part) {
    var subtype = part.subtype();
    return switch (part.type()) {
      case "multipart" ->
          subtype.equals("signed") || subtype.equals("encrypted") || subtype.equals("report");
      case "application" ->
          subtype.equals("pkcs7-mime")
              || subtype.equals("x-pkcs7-mime")
              || subtype.equals("pgp-encrypted")
              || subtype.equals("ms-tnef");
      default -> false;
    };
  }

  private static MessageBody leaf(PartTree part, TextKind kind) {
    var alternative = new Alternative(kind, part, part, List.of());
    return new MessageBody(part, List.of(alternative), List.of(), false, part);
  }

  private static MessageBody related(PartTree part, MessageBody inner) {
    var extras = new ArrayList<>(inner.extras);
    extras.addAll(others(part, inner.node));
    return new MessageBody(part, inner.alternatives, extras, inner.extras.isEmpty(), inner.node);
  }

  private static Optional<MessageBody> alternative(
      PartTree part, Predicate<PartTree> isAttachment) {
    var alternatives = new ArrayList<Alternative>();
    var extras = new ArrayList<PartTree>();
    for (var child : part.children()) {
      if (isProtected(child)) {
        return Optional.empty();
      }
      var inner = find(child, isAttachment);
      if (inner.isPresent() && inner.get().alternatives.size() == 1) {
        alternatives.add(inner.get().alternatives.getFirst().carriedBy(child));
      } else if (inner.isPresent()) {
        alternatives.addAll(inner.get().alternatives);
        extras.addAll(inner.get().extras);
        extras.addAll(others(child, inner.get().node));
      } else if (!child.type().equals("text")) {
        extras.add(child);
      }
    }
    return alternatives.isEmpty()
        ? Optional.empty()
        : Optional.of(new MessageBody(part, alternatives, extras, false, part));
  }

  /** The parts of a tree that are neither above nor below one of its parts. */
  private static List<PartTree> others(PartTree tree, PartTree part) {
    var others = new ArrayList<PartTree>();
    var at = tree;
    while (!at.equals(part)) {
      var next = at;
      for (var child : at.children()) {
        if (child.headerStart() <= part.headerStart() && part.end() <= child.end()) {
          next = child;
        } else {
          others.add(child);
        }
      }
      if (next.equals(at)) {
        throw new IllegalArgumentException("the part is not in the tree");
      }
      at = next;
    }
    return others;
  }
}
