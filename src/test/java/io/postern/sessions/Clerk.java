package io.postern.sessions;

import io.postern.auth.password.AppPasswordText;
import io.postern.model.Ids.AccountId;
import io.postern.store.Access;
import io.postern.store.Accounts;
import io.postern.store.AppPasswords;
import io.postern.store.Grants;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Changes accounts beside the protocols, as an administrator would. Its words may name the account,
 * {@code disabled:2}; it is the first when they don't.
 *
 * <ul>
 *   <li>{@code disabled}, {@code administrator}, {@code imap-off}, {@code pop-off}
 *   <li>{@code grant}: the first account has full access to this one
 *   <li>{@code app-password}, {@code revoked-app-password}: there is one, or was
 * </ul>
 */
record Clerk(Accounts accounts, AppPasswords appPasswords, Grants rights) {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** Does what the word says; the app password, if it made one. */
  Optional<String> give(String word, List<Target.Login> logins) {
    var parts = word.split(":", 2);
    var number = parts.length == 1 ? 1 : Integer.parseInt(parts[1]);
    var account = id(logins.get(number - 1));
    return switch (parts[0]) {
      case "disabled" -> may(account, access -> access.withEnabled(false));
      case "administrator" -> may(account, access -> access.withAdministrator(true));
      case "imap-off" -> may(account, access -> access.withImap(false));
      case "pop-off" -> may(account, access -> access.withPop(false));
      case "grant" -> {
        soon(rights.grant(account, id(logins.getFirst())));
        yield Optional.empty();
      }
      case "app-password" -> Optional.of(appPassword(account));
      case "revoked-app-password" -> {
        var text = appPassword(account);
        soon(appPasswords.revoke(account, "phone"));
        yield Optional.of(text);
      }
      default -> throw new IllegalArgumentException("no such word: " + word);
    };
  }

  private Optional<String> may(AccountId account, UnaryOperator<Access> change) {
    soon(accounts.setAccess(account, change));
    return Optional.empty();
  }

  private String appPassword(AccountId account) {
    var made = AppPasswordText.random();
    soon(appPasswords.add(account, "phone", AppPasswordText.verifier(made)));
    return made.reveal();
  }

  private AccountId id(Target.Login login) {
    return soon(accounts.find(login.name())).orElseThrow().id();
  }

  private static <T> T soon(Uni<T> call) {
    return call.await().atMost(SOON);
  }
}
