package io.postern.store.postgres.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.store.Mailboxes.Limits;
import io.postern.store.postgres.mailbox.Entities.MailboxRow;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hibernate.reactive.mutiny.Mutiny;
import org.junit.jupiter.api.Test;

/** How many statements a change of the tree takes. */
class TreeTest {
  private static final AccountId ACCOUNT = new AccountId(1);

  private final List<String> statements = new ArrayList<>();
  private final List<MailboxRow> there = new ArrayList<>();

  /** A session in which the mailboxes are {@link #there}. */
  private final Mutiny.Session session =
      (Mutiny.Session)
          Proxy.newProxyInstance(
              Mutiny.Session.class.getClassLoader(),
              new Class<?>[] {Mutiny.Session.class},
              (_, method, arguments) -> {
                assertThat(method.getName()).isEqualTo("createSelectionQuery");
                statements.add((String) arguments[0]);
                return query();
              });

  private Mutiny.SelectionQuery<?> query() {
    return (Mutiny.SelectionQuery<?>)
        Proxy.newProxyInstance(
            Mutiny.SelectionQuery.class.getClassLoader(),
            new Class<?>[] {Mutiny.SelectionQuery.class},
            (self, method, _) ->
                switch (method.getName()) {
                  case "setParameter" -> self;
                  case "getSingleResult" -> Uni.createFrom().item((long) there.size());
                  case "getResultList" -> Uni.createFrom().item(List.copyOf(there));
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }

  private void prepare(String name) {
    new Tree(session, ACCOUNT, Limits.DEFAULT)
        .prepare(new MailboxName(name))
        .await()
        .atMost(Duration.ofSeconds(20));
  }

  @Test
  void aNameWithoutParentTakesNoStatement() {
    prepare("Archive");
    assertThat(statements).isEmpty();
  }

  /** Nothing is added, so the mailboxes are not counted. */
  @Test
  void aNameWhoseParentExistsTakesTheOneThatFindsIt() {
    there.add(
        new MailboxRow(
            new MailboxKey(ACCOUNT, new MailboxId(2)),
            new MailboxName("Archive"),
            1,
            Optional.empty()));
    prepare("Archive/2026");
    assertThat(statements).hasSize(1);
  }
}
