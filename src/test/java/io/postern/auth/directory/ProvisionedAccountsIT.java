package io.postern.auth.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.postern.auth.Client;
import io.postern.auth.DirectoryMeter;
import io.postern.auth.Login;
import io.postern.auth.Login.Result;
import io.postern.auth.LoginAttempt;
import io.postern.auth.LoginPolicy;
import io.postern.auth.Refusal;
import io.postern.auth.password.Passwords;
import io.postern.auth.password.Workers;
import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.model.Ids.AccountId;
import io.postern.model.MailProtocol;
import io.postern.store.Mailboxes;
import io.postern.store.account.Accounts;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.Grants;
import io.postern.store.account.Secret;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Accounts of users of OpenLDAP that their first login creates, in PostgreSQL. */
@QuarkusTest
@Timeout(180)
class ProvisionedAccountsIT {
  private static final String CAROL = "carol@directory.test";
  private static final String NONE = "none@directory.test";
  private static final int AT_ONCE = 6;

  @Inject Accounts accounts;
  @Inject AppPasswords appPasswords;
  @Inject Grants grants;
  @Inject Mailboxes mailboxes;
  @Inject Passwords passwords;

  private final ConcurrentLinkedQueue<String> created = new ConcurrentLinkedQueue<>();

  /** A replica: its own connections to the directory, and the database of all. */
  private record Replica(LdapDirectory directory, Login login) implements AutoCloseable {
    Result login(String name, String password) {
      var client = new Client("1", MailProtocol.IMAP, "192.0.2.1", true, Optional.empty());
      return login
          .password(new LoginAttempt(client, "LOGIN", name), new Secret(password))
          .subscribeAsCompletionStage()
          .orTimeout(60, TimeUnit.SECONDS)
          .join();
    }

    @Override
    public void close() {
      directory.close();
    }
  }

  private Replica replica(Slapd slapd) {
    var live =
        new Live(
            TestSettings.of(
                slapd.settings(
                    "ssl", "create-accounts=true", "domains=directory.test", "timeout=PT30S")));
    var directory = new LdapDirectory(live, new Workers("directory-", 8, 100), DirectoryMeter.NONE);
    var policy =
        new LoginPolicy() {
          @Override
          public void accountCreated(LoginAttempt attempt, String account) {
            created.add(account);
          }
        };
    return new Replica(
        directory, new Login(accounts, appPasswords, grants, passwords, policy, live, directory));
  }

  private static AccountId opened(Result result) {
    return ((Result.Success) result).identity().account();
  }

  @Test
  void loginsOnTwoReplicasAtTheSameTimeCreateOneAccount(@TempDir Path root) throws Exception {
    assumeTrue(Slapd.installed(), "slapd is not installed");
    try (var slapd = Slapd.start(root);
        var one = replica(slapd);
        var two = replica(slapd)) {
      assertThat(one.login(CAROL, "wrong")).isEqualTo(new Result.Refused(Refusal.CREDENTIALS));
      assertThat(one.login(NONE, "right")).isEqualTo(new Result.Refused(Refusal.CREDENTIALS));
      var start = new CountDownLatch(1);
      var logins =
          Stream.generate(() -> List.of(one, two))
              .flatMap(List::stream)
              .limit(AT_ONCE)
              .map(replica -> CompletableFuture.supplyAsync(() -> login(start, replica), run()))
              .toList();
      start.countDown();
      var ids =
          logins.stream()
              .map(CompletableFuture::join)
              .map(ProvisionedAccountsIT::opened)
              .distinct();
      assertThat(ids).hasSize(1);
      assertThat(created).containsExactly(CAROL);
      var id = opened(two.login(CAROL, "right"));
      var names =
          mailboxes.list(id).subscribeAsCompletionStage().orTimeout(60, TimeUnit.SECONDS).join();
      assertThat(names).extracting(it -> it.name().value()).contains("INBOX", "Sent", "Trash");
      assertThat(one.login(CAROL, "wrong")).isEqualTo(new Result.Refused(Refusal.CREDENTIALS));
    }
  }

  private static Executor run() {
    return task -> Thread.ofVirtual().start(task);
  }

  private static Result login(CountDownLatch start, Replica replica) {
    try {
      assertThat(start.await(60, TimeUnit.SECONDS)).isTrue();
      return replica.login(CAROL, "right");
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
