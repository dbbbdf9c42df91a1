package io.postern.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.auth.Identity;
import io.postern.auth.Login;
import io.postern.auth.LoginPolicy;
import io.postern.auth.Mechanisms;
import io.postern.auth.password.Credentials;
import io.postern.auth.password.Passwords;
import io.postern.auth.password.Workers;
import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.pop3.MaildropOpener.Result;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.store.index.MailboxIndexes;
import io.postern.store.memory.MemoryAccounts;
import io.postern.store.memory.MemoryAppPasswords;
import io.postern.store.memory.MemoryBlobs;
import io.postern.store.memory.MemoryGrants;
import io.postern.store.memory.MemoryMailboxes;
import io.postern.store.memory.MemoryMaildropLocks;
import io.postern.store.memory.MemoryMessages;
import io.postern.store.memory.MemoryStore;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MaildropOpenerTest {
  private final MemoryStore store = new MemoryStore();
  private final MemoryAccounts accounts = new MemoryAccounts(store);
  private final MemoryMaildropLocks locks = new MemoryMaildropLocks(store);
  private final Identity user =
      new Identity(
          await(accounts.create("u@example.test", Verifiers.of(new Secret("$none$")))),
          "u@example.test",
          "u@example.test");

  @Test
  void oneAtATimeHasTheMaildrop() {
    var first = (Result.Opened) open();
    assertThat(open()).isInstanceOfSatisfying(Result.Refused.class, r -> code(r, "IN-USE"));
    await(locks.release(first.lock()));
    assertThat(open()).isInstanceOf(Result.Opened.class);
  }

  @Test
  void withADelayTheNextHasToWait() {
    var first = (Result.Opened) open("mail.pop3.login-delay=PT1H");
    await(locks.release(first.lock()));
    assertThat(open("mail.pop3.login-delay=PT1H"))
        .isInstanceOfSatisfying(Result.Refused.class, r -> code(r, "LOGIN-DELAY"));
    assertThat(open()).isInstanceOf(Result.Opened.class);
  }

  private static void code(Result.Refused refused, String code) {
    assertThat(refused.code()).isEqualTo(code);
  }

  private Result open(String... settings) {
    var mailboxes = new MemoryMailboxes(store);
    var messages = new MemoryMessages(store);
    try (var workers = new Workers(1, 1)) {
      var passwords = new Passwords(workers, new Credentials(Duration.ofMinutes(1), 1));
      var live = new Live(TestSettings.of(settings));
      var ports =
          new Pop3Ports(
              mailboxes,
              messages,
              new MemoryBlobs(store),
              new MailboxIndexes(mailboxes, messages, 1 << 20),
              locks,
              new Login(
                  accounts,
                  new MemoryAppPasswords(store),
                  new MemoryGrants(store),
                  passwords,
                  LoginPolicy.OPEN,
                  live),
              new Mechanisms(live, List.of()),
              live);
      return await(new MaildropOpener(ports).open(user));
    }
  }

  private static <T> T await(Uni<T> call) {
    return call.await().atMost(Duration.ofSeconds(20));
  }
}
