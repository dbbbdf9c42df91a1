package io.postern.site.directory;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.site.HomeDirectory.Published;
import io.postern.site.MemoryDirectory;
import io.postern.site.SiteMeter;
import io.postern.store.account.Account;
import io.postern.store.account.Accounts;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.store.memory.MemoryAccounts;
import io.postern.store.memory.MemoryStore;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HomedAccountsTest {
  private static final String ALICE = "alice@example.test";
  private static final Verifiers VERIFIERS = Verifiers.of(new Secret("$none$"));
  private static final Duration SOON = Duration.ofSeconds(20);

  private final MemoryDirectory directory = new MemoryDirectory();
  private final Accounts stored = new MemoryAccounts(new MemoryStore());

  private Optional<Account> find(Accounts here, String site) {
    var homes = new CachedHomes(directory, Duration.ofHours(1), System::nanoTime, SiteMeter.NONE);
    return new HomedAccounts(here, homes, site).find(ALICE).await().atMost(SOON);
  }

  /** The database is read before the account has arrived, the directory when it has. */
  @Test
  void anAccountThatArrivesDuringALoginIsFound() {
    directory.publish("west", List.of(new Published(ALICE, VERIFIERS, List.of())));
    stored.create(ALICE, VERIFIERS).await().atMost(SOON);
    var read = new AtomicBoolean();
    var here =
        (Accounts)
            Proxy.newProxyInstance(
                HomedAccountsTest.class.getClassLoader(),
                new Class<?>[] {Accounts.class},
                (_, method, arguments) -> {
                  assertThat(method.getName()).isEqualTo("find");
                  return read.getAndSet(true)
                      ? stored.find((String) arguments[0])
                      : Uni.createFrom().item(Optional.empty());
                });
    assertThat(find(here, "west").orElseThrow().elsewhere()).isEmpty();
  }

  @Test
  void anAccountThatHasLeftIsElsewhere() {
    directory.publish("west", List.of(new Published(ALICE, VERIFIERS, List.of())));
    assertThat(find(stored, "east").orElseThrow().elsewhere().orElseThrow().site())
        .isEqualTo("west");
  }

  @Test
  void aDeletedAccountThatTheDirectoryStillHasIsUnknown() {
    directory.publish("west", List.of(new Published(ALICE, VERIFIERS, List.of())));
    assertThat(find(stored, "west")).isEmpty();
  }
}
