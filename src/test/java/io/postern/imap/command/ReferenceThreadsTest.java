package io.postern.imap.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** REFERENCES in arrays finds the same threads as the steps of RFC 5256 taken word by word. */
class ReferenceThreadsTest {
  /** A message, by its place in the order of sent dates; or, without one, a dummy. */
  private static final class Node {
    final int message;
    @Nullable Node parent;
    final List<Node> children = new ArrayList<>();

    Node(int message) {
      this.message = message;
    }

    boolean isDummy() {
      return message < 0;
    }

    boolean isAbove(@Nullable Node other) {
      return other != null && (other == this || isAbove(other.parent));
    }

    void moveTo(@Nullable Node other) {
      if (parent != null) {
        parent.children.remove(this);
      }
      parent = other;
      if (other != null) {
        other.children.add(this);
      }
    }
  }

  private record Mail(String id, List<String> references, String subject, boolean reply) {}

  /** The six steps. Messages are in the order of their sent dates. */
  private static final class Literal {
    private final List<Mail> mails;
    private final Map<String, Node> ids = new HashMap<>();
    private final List<Node> all = new ArrayList<>();
    private final Node root = new Node(-1);

    Literal(List<Mail> mails) {
      this.mails = mails;
    }

    String threads() {
      link();
      List.copyOf(all).stream().filter(node -> node.parent == null).forEach(it -> it.moveTo(root));
      List.copyOf(root.children).forEach(it -> prune(it, true));
      sort(root);
      join();
      sort(root);
      var text = new StringBuilder();
      root.children.forEach(node -> write(node, text));
      return text.toString();
    }

    private void link() {
      var nodes = new ArrayList<Node>();
      for (int i = 0; i < mails.size(); i++) {
        var node = new Node(i);
        nodes.add(node);
        all.add(node);
        if (!mails.get(i).id.isEmpty()) {
          ids.putIfAbsent(mails.get(i).id, node);
        }
      }
      for (int i = 0; i < mails.size(); i++) {
        Node above = null;
        for (var reference : mails.get(i).references) {
          var node = ids.computeIfAbsent(reference, _ -> dummy());
          if (above != null && node.parent == null && !node.isAbove(above)) {
            node.moveTo(above);
          }
          above = node;
        }
        var node = nodes.get(i);
        node.moveTo(null);
        if (above != null && !node.isAbove(above)) {
          node.moveTo(above);
        }
      }
    }

    private Node dummy() {
      var dummy = new Node(-1);
      all.add(dummy);
      return dummy;
    }

    private void prune(Node node, boolean top) {
      List.copyOf(node.children).forEach(it -> prune(it, false));
      if (node.isDummy() && (!top || node.children.size() <= 1)) {
        var above = node.parent;
        node.moveTo(null);
        List.copyOf(node.children).forEach(it -> it.moveTo(above));
      }
    }

    private void sort(Node node) {
      node.children.forEach(this::sort);
      node.children.sort(Comparator.comparingInt(Literal::rank));
    }

    private static int rank(Node node) {
      return node.isDummy() ? rank(node.children.getFirst()) : node.message;
    }

    private Mail mail(Node node) {
      return mails.get(rank(node));
    }

    private void join() {
      var table = new HashMap<String, Node>();
      for (var node : root.children) {
        var subject = mail(node).subject;
        var known = table.get(subject);
        boolean better =
            known == null
                || (!known.isDummy()
                    && (node.isDummy() || (mail(known).reply && !mail(node).reply)));
        if (!subject.isEmpty() && better) {
          table.put(subject, node);
        }
      }
      for (var node : List.copyOf(root.children)) {
        var subject = mail(node).subject;
        if (subject.isEmpty() || table.get(subject) == node) {
          continue;
        }
        var known = Objects.requireNonNull(table.get(subject));
        if (known.isDummy() && node.isDummy()) {
          node.moveTo(null);
          List.copyOf(node.children).forEach(it -> it.moveTo(known));
        } else if (known.isDummy() || (mail(node).reply && !mail(known).reply)) {
          node.moveTo(known);
          sort(known);
        } else {
          var joined = new Node(-1);
          joined.moveTo(root);
          node.moveTo(joined);
          known.moveTo(joined);
          sort(joined);
          table.put(subject, joined);
        }
      }
    }

    private static void write(Node node, StringBuilder text) {
      text.append('(');
      var at = node;
      while (!at.isDummy() && at.children.size() == 1) {
        text.append(at.message).append(' ');
        at = at.children.getFirst();
      }
      text.append(at.isDummy() ? "" : at.message + " ");
      at.children.forEach(it -> write(it, text));
      text.append(')');
    }
  }

  private static String threads(List<Mail> mails) {
    int count = mails.size();
    var links = new ReferenceLinks(count);
    var subjects = mails.stream().map(Mail::subject).toArray(String[]::new);
    var replies = new boolean[count];
    for (int i = 0; i < count; i++) {
      replies[i] = mails.get(i).reply;
      if (!mails.get(i).id.isEmpty()) {
        links.name(i, mails.get(i).id);
      }
    }
    IntStream.range(0, count).forEach(i -> links.link(i, mails.get(i).references));
    var threads = new ReferenceThreads(count, links, subjects, replies);
    IntStream.range(0, count).forEach(threads::place);
    IntStream.range(0, count).forEach(threads::count);
    IntStream.range(0, count).forEach(threads::enter);
    IntStream.range(0, count).forEach(threads::merge);
    var tree = new ThreadTree(count, threads.nodes());
    IntStream.range(0, count).forEach(i -> tree.add(i, threads.parent(i)));
    var writer = tree.writer();
    boolean more = true;
    while (more) {
      more = writer.step();
    }
    var text = new StringBuilder();
    for (long token : writer.tokens()) {
      text.append(token == ThreadTree.OPEN ? "(" : token == ThreadTree.CLOSE ? ")" : token + " ");
    }
    return text.toString();
  }

  @Test
  void theArraysFindWhatTheStepsFind() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      int count = random.nextInt(1, 12);
      int names = random.nextInt(1, 16);
      var mails = new ArrayList<Mail>();
      for (int i = 0; i < count; i++) {
        var references =
            IntStream.range(0, random.nextInt(4))
                .mapToObj(_ -> "r" + random.nextInt(names))
                .toList();
        var id = random.nextInt(5) == 0 ? "" : "r" + random.nextInt(names);
        var subject = new String[] {"", "a", "b", "c", "d"}[random.nextInt(5)];
        mails.add(new Mail(id, references, subject, random.nextBoolean()));
      }
      assertThat(threads(mails))
          .as("seed " + seed + ", round " + round + ": " + mails)
          .isEqualTo(new Literal(mails).threads());
    }
  }

  @Test
  void aLongChainIsThreadedInLinearTime() {
    var mails = new ArrayList<Mail>();
    for (int i = 0; i < 5_000; i++) {
      mails.add(new Mail("r" + i, i == 0 ? List.of() : List.of("r" + (i - 1)), "s", i > 0));
    }
    assertThat(threads(mails)).startsWith("(0 1 2 3 ").endsWith(" 4999 )");
  }

  @Test
  void manyReferencesOfOneMessageAreLinkedInLinearTime() {
    var references = IntStream.range(0, 10_000).mapToObj(i -> "r" + i).toList();
    assertThat(threads(List.of(new Mail("a", references, "s", true)))).isEqualTo("(0 )");
  }
}
