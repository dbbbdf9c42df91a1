package io.postern.site.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.model.Home;
import io.postern.site.HomeDirectory;
import io.postern.site.SiteMeter;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CachedHomesTest {
  private static final String ALICE = "alice@example.test";
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final Map<String, Home> stored = new HashMap<>(Map.of(ALICE, new Home("east", 1)));
  private final List<SiteMeter.Lookup> lookups = new ArrayList<>();
  private boolean down;
  private long now = 1;

  private final HomeDirectory directory =
      new HomeDirectory() {
        @Override
        public Uni<Optional<Entry>> find(String name) {
          return down
              ? Uni.createFrom()
                  .failure(new StoreException(new StoreFailure.Unavailable("it is down")))
              : Uni.createFrom()
                  .item(Optional.ofNullable(stored.get(name)).map(home -> entry(name, home)));
        }

        @Override
        public Uni<List<String>> publish(String site, List<Published> accounts) {
          throw new AssertionError("nothing is published");
        }

        @Override
        public Uni<Boolean> move(String name, Home before, String site) {
          throw new AssertionError("nothing is moved");
        }
      };

  private final CachedHomes homes =
      new CachedHomes(
          directory,
          FRESH,
          () -> now,
          new SiteMeter() {
            @Override
            public void lookedUp(Lookup how) {
              lookups.add(how);
            }
          });

  private static HomeDirectory.Entry entry(String name, Home home) {
    return new HomeDirectory.Entry(name, home, Verifiers.of(new Secret("hash")), List.of());
  }

  private String site(String name) {
    return homes.find(name).await().indefinitely().map(it -> it.home().site()).orElse("none");
  }

  @Test
  void anAnswerIsUsedForTheTime() {
    assertThat(site(ALICE)).isEqualTo("east");
    stored.put(ALICE, new Home("west", 2));
    now += FRESH.toNanos() - 1;
    assertThat(site(ALICE)).isEqualTo("east");
    now++;
    assertThat(site(ALICE)).isEqualTo("west");
    assertThat(lookups)
        .containsExactly(SiteMeter.Lookup.READ, SiteMeter.Lookup.CACHED, SiteMeter.Lookup.READ);
  }

  @Test
  void thatThereIsNoAccountIsAnAnswerToo() {
    assertThat(site("bob@example.test")).isEqualTo("none");
    assertThat(site("bob@example.test")).isEqualTo("none");
    assertThat(lookups).containsExactly(SiteMeter.Lookup.READ, SiteMeter.Lookup.CACHED);
  }

  @Test
  void theLastAnswerHoldsWhileTheDirectoryIsDown() {
    site(ALICE);
    down = true;
    now += Duration.ofDays(1).toNanos();
    assertThat(site(ALICE)).isEqualTo("east");
    assertThat(site(ALICE)).isEqualTo("east");
    assertThatThrownBy(() -> site("bob@example.test")).isInstanceOf(StoreException.class);
    assertThat(lookups)
        .containsExactly(
            SiteMeter.Lookup.READ,
            SiteMeter.Lookup.STALE,
            SiteMeter.Lookup.STALE,
            SiteMeter.Lookup.FAILED);
  }

  @Test
  void theDirectoryIsAskedAgainAfterASecond() {
    site(ALICE);
    down = true;
    now += FRESH.toNanos();
    site(ALICE);
    down = false;
    stored.put(ALICE, new Home("west", 2));
    now += Duration.ofSeconds(1).toNanos() - 1;
    assertThat(site(ALICE)).isEqualTo("east");
    now++;
    assertThat(site(ALICE)).isEqualTo("west");
  }

  @Test
  void aNewerEpochOfAnotherSiteIsReadAtOnce() {
    site(ALICE);
    stored.put(ALICE, new Home("west", 2));
    homes.atLeast(ALICE, 1);
    assertThat(site(ALICE)).isEqualTo("east");
    homes.atLeast(ALICE, 2);
    assertThat(site(ALICE)).isEqualTo("west");
  }
}
