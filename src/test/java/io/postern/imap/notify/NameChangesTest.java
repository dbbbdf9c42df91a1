package io.postern.imap.notify;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.MailboxId;
import io.postern.model.MailboxName;
import io.postern.property.Property;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NameChangesTest {
  private static final List<String> LEVELS = List.of("a", "b", "c");

  /** Names at two moments. */
  private record Moments(Map<MailboxId, MailboxName> before, Map<MailboxId, MailboxName> now) {}

  private static MailboxName name(String text) {
    return new MailboxName(text);
  }

  private static Map<MailboxId, MailboxName> names(String... names) {
    var byId = new HashMap<MailboxId, MailboxName>();
    for (int i = 0; i < names.length; i++) {
      if (!names[i].isEmpty()) {
        byId.put(new MailboxId(i + 1), name(names[i]));
      }
    }
    return byId;
  }

  private static List<NameChange> changes(
      Map<MailboxId, MailboxName> before, Map<MailboxId, MailboxName> now) {
    return new NameChanges(before, now).changes();
  }

  private static NameChange renamed(String old, String now) {
    return new NameChange(name(now), Optional.of(name(old)), false);
  }

  @Test
  void aRenameIsToldOnceAndNotOfWhatLiesBelow() {
    assertThat(changes(names("a", "a/x", "a/x/y"), names("b", "b/x", "b/x/y")))
        .containsExactly(renamed("a", "b"));
  }

  @Test
  void aNameThatIsTakenByARenameIsRemovedFirst() {
    assertThat(changes(names("a", "b"), names("b")))
        .containsExactly(new NameChange(name("b"), Optional.empty(), true), renamed("a", "b"));
  }

  @Test
  void renamesFollowEachOtherSoThatEachNewNameIsFree() {
    assertThat(changes(names("a", "b"), names("b", "c")))
        .containsExactly(renamed("b", "c"), renamed("a", "b"));
  }

  @Test
  void theNameAboveIsToldBehindWhatIsBelow() {
    assertThat(changes(names("a"), names("a", "a/b")))
        .containsExactly(NameChange.of(name("a/b")), NameChange.of(name("a")));
    assertThat(changes(names("a", "a/b"), names("a")))
        .containsExactly(
            new NameChange(name("a/b"), Optional.empty(), true), NameChange.of(name("a")));
  }

  @Test
  void aClientThatTakesEachChangeInTurnHasThePresentNames() {
    Property.forAll(
        "name changes",
        2_000,
        (random, size) -> new Moments(random(random, size), random(random, size)),
        moments ->
            assertThat(
                    client(
                        moments.before, changes(moments.before, moments.now), values(moments.now)))
                .isEqualTo(values(moments.now)));
  }

  private static Map<MailboxId, MailboxName> random(SplittableRandom random, int size) {
    var names = new HashMap<MailboxId, MailboxName>();
    var taken = new TreeSet<String>();
    for (int id = 1; id <= 2 + size / 4; id++) {
      var text = new StringBuilder(LEVELS.get(random.nextInt(LEVELS.size())));
      for (int levels = random.nextInt(3); levels > 0; levels--) {
        text.append('/').append(LEVELS.get(random.nextInt(LEVELS.size())));
      }
      if (random.nextInt(4) > 0 && taken.add(text.toString())) {
        names.put(new MailboxId(id), name(text.toString()));
      }
    }
    return names;
  }

  private static NavigableSet<String> values(Map<MailboxId, MailboxName> names) {
    NavigableSet<String> values = new TreeSet<>();
    names.values().forEach(name -> values.add(name.value()));
    return values;
  }

  /**
   * What a client makes of the changes.
   *
   * @param present the names that the last changes, of names above, do not say to exist
   */
  private static Set<String> client(
      Map<MailboxId, MailboxName> before, List<NameChange> changes, Set<String> present) {
    var names = values(before);
    for (var change : changes) {
      var name = change.name().value();
      if (change.old().isPresent()) {
        var old = change.old().get().value();
        assertThat(names.remove(old)).as(change::toString).isTrue();
        var below = List.copyOf(names.subSet(old + "/", old + "0"));
        names.removeAll(below);
        below.forEach(it -> names.add(name + it.substring(old.length())));
        names.add(name);
      } else if (change.removed()) {
        names.remove(name);
      } else if (present.contains(name)) {
        // A name above others, which is no mailbox itself, is shown as such.
        names.add(name);
      }
    }
    return names;
  }
}
