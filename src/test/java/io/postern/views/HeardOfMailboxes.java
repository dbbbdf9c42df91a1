package io.postern.views;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** What a client knows of mailboxes from LIST and STATUS responses, asked for or not. */
final class HeardOfMailboxes {
  private static final Pattern LIST =
      Pattern.compile(
          "\\* LIST \\(([^)]*)\\) \"/\" \"?([^\" ]+)\"?(?: \\(\"OLDNAME\" \\(\"([^\"]+)\"\\)\\))?");
  private static final Pattern STATUS = Pattern.compile("\\* STATUS (\\S+) \\(([^)]*)\\)");

  private final Set<String> names = new TreeSet<>();
  private final Set<String> subscribed = new TreeSet<>();
  private final Map<String, Map<String, Long>> counters = new TreeMap<>();

  /** Whether the client hears of every change of a mailbox's mod-sequence. */
  private boolean modSeqs;

  /** From now on it does. */
  void keepModSeqs() {
    modSeqs = true;
  }

  /** The client takes note of a response. */
  void hear(String line) {
    var list = LIST.matcher(line);
    var status = STATUS.matcher(line);
    if (list.matches()) {
      list(List.of(list.group(1).split(" ", -1)), list.group(2));
      if (list.group(3) != null) {
        rename(list.group(3), list.group(2));
      }
    } else if (status.matches()) {
      var items = status.group(2).split(" ", -1);
      var heard = new TreeMap<String, Long>();
      for (int i = 0; i < items.length; i += 2) {
        heard.put(items[i], Long.parseLong(items[i + 1]));
      }
      if (!modSeqs) {
        heard.remove("HIGHESTMODSEQ");
      }
      counters.put(status.group(1), heard);
    } else {
      assertThat(line).doesNotStartWith("* LIST").doesNotStartWith("* STATUS");
    }
  }

  private void list(List<String> attributes, String name) {
    if (attributes.contains("\\NonExistent")) {
      names.remove(name);
    } else {
      names.add(name);
    }
    if (attributes.contains("\\Subscribed")) {
      subscribed.add(name);
    } else {
      subscribed.remove(name);
    }
  }

  /** Those below it are renamed with it. */
  private void rename(String old, String name) {
    names.remove(old);
    var below = names.stream().filter(it -> it.startsWith(old + "/")).toList();
    names.removeAll(below);
    below.forEach(it -> names.add(name + it.substring(old.length())));
  }

  /** The client leaves a mailbox that it has selected: of its counters it knows this one. */
  void left(String name, int messages) {
    counters.put(name, new TreeMap<>(Map.of("MESSAGES", (long) messages)));
  }

  /**
   * What it knows must be so.
   *
   * @param selected the mailbox of which it hears otherwise; empty for none
   */
  void agreesWith(
      Set<String> present,
      Set<String> subscriptions,
      Map<String, Map<String, Long>> states,
      String selected,
      Supplier<String> story) {
    assertThat(names).as(story).isEqualTo(present);
    assertThat(subscribed).as(story).isEqualTo(subscriptions);
    states.forEach(
        (name, state) -> {
          if (!name.equals(selected)) {
            // Of a mailbox that never had a message it need not have heard.
            boolean unused = Optional.of(1L).equals(Optional.ofNullable(state.get("UIDNEXT")));
            var heard = counters.getOrDefault(name, unused ? Map.of("MESSAGES", 0L) : Map.of());
            assertThat(heard).as(() -> name + " in " + story.get()).isNotEmpty();
            assertThat(state).as(() -> name + " in " + story.get()).containsAllEntriesOf(heard);
          }
        });
  }
}
