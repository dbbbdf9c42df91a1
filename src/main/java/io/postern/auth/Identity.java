package io.postern.auth;

import io.postern.model.Home;
import io.postern.model.Ids.AccountId;
import io.postern.model.RetrievalOptions;
import java.util.Optional;

/**
 * An authenticated user, and the account whose mailboxes they opened.
 *
 * @param account the account that owns the mailboxes
 * @param name that account's login name, lower case
 * @param user the authenticated user's login name: the account's own unless the user acts for it
 * @param retrieval how that account's messages are shown over the protocol of the login
 * @param elsewhere the home of that account, when it is another site: then it has no mailboxes here
 */
public record Identity(
    AccountId account,
    String name,
    String user,
    RetrievalOptions retrieval,
    Optional<Home> elsewhere) {
  /** A user of this site. */
  public Identity(AccountId account, String name, String user, RetrievalOptions retrieval) {
    this(account, name, user, retrieval, Optional.empty());
  }

  /** A user who is shown messages as the settings of the protocol say. */
  public Identity(AccountId account, String name, String user) {
    this(account, name, user, RetrievalOptions.DEFAULTS);
  }

  /** The same user with another home. */
  public Identity at(Home home) {
    return new Identity(account, name, user, retrieval, Optional.of(home));
  }
}
