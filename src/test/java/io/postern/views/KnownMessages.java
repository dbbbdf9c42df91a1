package io.postern.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.NumberSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a client knows of the messages of its selected mailbox, by their numbers. */
final class KnownMessages {
  private static final Pattern UID = Pattern.compile("\\bUID (\\d+)");
  private static final Pattern FLAGS = Pattern.compile("FLAGS \\(([^)]*)\\)");
  private static final Pattern MODSEQ = Pattern.compile("MODSEQ \\((\\d+)\\)");

  /** What the client knows of a message. */
  private static final class Known {
    Optional<Long> uid = Optional.empty();
    Optional<Set<String>> flags = Optional.empty();
  }

  /** A message whose flags and UID are known. */
  record Learned(long uid, Set<String> flags) {}

  private final Supplier<String> story;
  private final List<Known> messages = new ArrayList<>();

  KnownMessages(Supplier<String> story) {
    this.story = story;
  }

  void clear() {
    messages.clear();
  }

  int size() {
    return messages.size();
  }

  /** The flags of the messages of which both are known. */
  Map<Long, Set<String>> byUid() {
    var known = new TreeMap<Long, Set<String>>();
    for (var message : messages) {
      message.uid.ifPresent(uid -> message.flags.ifPresent(flags -> known.put(uid, flags)));
    }
    return known;
  }

  void grow(int size) {
    assertThat(size)
        .as(() -> "EXISTS shrinks: " + story.get())
        .isGreaterThanOrEqualTo(messages.size());
    while (messages.size() < size) {
      messages.add(new Known());
    }
  }

  void remove(int number) {
    messages.remove(index(number));
  }

  private int index(int number) {
    assertThat(number).as(story).isBetween(1, messages.size());
    return number - 1;
  }

  void change(int number, UnaryOperator<Set<String>> change) {
    var known = messages.get(number - 1);
    known.flags = known.flags.map(change);
  }

  /** An expunge by UID moves the numbers of the messages behind it. */
  void vanish(long uid) {
    int at = 0;
    for (int i = 0; i < messages.size(); i++) {
      at = messages.get(i).uid.orElse(Long.MAX_VALUE) <= uid ? i : at;
    }
    while (messages.get(at).uid.filter(it -> it < uid).isPresent()) {
      at++;
    }
    var removed = messages.remove(at);
    assertThat(removed.uid.orElse(uid)).as(story).isEqualTo(uid);
  }

  /** Expunges that the client may have missed while it was away: none that it counts. */
  void countNone(NumberSet uids) {
    assertThat(messages)
        .as(() -> uids + " in " + story.get())
        .noneMatch(known -> known.uid.filter(uids::contains).isPresent());
  }

  /**
   * Takes note of the data of a message.
   *
   * @param withModSeq whether they must show UID and mod-sequence
   * @param silently what a STORE does to flags that are not shown
   * @return the flags, if they are shown of a message whose UID is known
   */
  Optional<Learned> learn(
      int number, String data, boolean withModSeq, Optional<UnaryOperator<Set<String>>> silently) {
    var message = messages.get(index(number));
    var uid = UID.matcher(data);
    if (uid.find()) {
      long sent = Long.parseLong(uid.group(1));
      assertThat(message.uid.orElse(sent)).as(story).isEqualTo(sent);
      message.uid = Optional.of(sent);
    }
    var flags = FLAGS.matcher(data);
    boolean modSeq = MODSEQ.matcher(data).find();
    if (withModSeq) {
      assertThat(modSeq && message.uid.isPresent()).as(() -> data + " in " + story.get()).isTrue();
    }
    if (flags.find()) {
      Set<String> shown =
          Arrays.stream(flags.group(1).split(" ", -1))
              .filter(flag -> !flag.isEmpty() && !flag.equals("\\Recent"))
              .collect(Collectors.toCollection(TreeSet::new));
      message.flags = Optional.of(shown);
      return message.uid.map(it -> new Learned(it, shown));
    }
    if (modSeq && silently.isPresent()) {
      message.flags = message.flags.map(silently.get());
    }
    return Optional.empty();
  }

  /** What the client knows must be so; what it never asked for may be anything. */
  void agreesWith(List<Long> uids, List<Set<String>> flags) {
    assertThat(messages).as(story).hasSameSizeAs(uids);
    for (int i = 0; i < uids.size(); i++) {
      int number = i + 1;
      var known = messages.get(i);
      known.uid.ifPresent(
          uid ->
              assertThat(uid)
                  .as(() -> number + " in " + story.get())
                  .isEqualTo(uids.get(number - 1)));
      known.flags.ifPresent(
          f ->
              assertThat(f)
                  .as(() -> number + " in " + story.get())
                  .isEqualTo(flags.get(number - 1)));
    }
  }
}
