package io.postern.app;

import io.postern.auth.Kicks;
import io.postern.store.Access;
import io.postern.store.Account;
import io.postern.store.Accounts;
import io.postern.wire.CloseReason;
import io.postern.wire.Sessions;
import io.postern.wire.Sessions.Open;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Ends the sessions of this node.
 *
 * @param sessions those that are open
 * @param accounts where it is looked up what an account may
 */
record LocalKicks(Sessions sessions, Accounts accounts) implements Kicks {
  private static final Logger LOG = System.getLogger(LocalKicks.class.getName());

  @Override
  public void changed(String user) {
    accounts
        .find(user)
        .subscribe()
        .with(
            account -> end(user, open -> !permits(account, open)),
            failure -> LOG.log(Level.WARNING, "It is not known what " + user + " may", failure));
  }

  private static boolean permits(Optional<Account> account, Open open) {
    return account.map(Account::access).filter(access -> permits(access, open)).isPresent();
  }

  private static boolean permits(Access access, Open open) {
    return access.enabled()
        && !access.administrator()
        && switch (open.protocol()) {
          case "imap" -> access.imap();
          case "pop3" -> access.pop();
          default -> true;
        };
  }

  @Override
  public void kick(String user) {
    end(user, open -> true);
  }

  private void end(String user, Predicate<Open> meant) {
    sessions.list().stream()
        .filter(open -> open.user().filter(user::equals).isPresent())
        .filter(meant)
        .forEach(open -> sessions.close(open.id(), CloseReason.KICKED));
  }
}
