package io.postern.auth;

import io.postern.model.Ids.AccountId;
import io.postern.model.RetrievalOptions;

/**
 * An authenticated user, and the account whose mailboxes they opened.
 *
 * @param account the account that owns the mailboxes
 * @param name that account's login name, lower case
 * @param user the authenticated user's login name: the account's own unless the user acts for it
 * @param retrieval how that account's messages are shown over the protocol of the login
 */
public record Identity(AccountId account, String name, String user, RetrievalOptions retrieval) {
  /** A user who is shown messages as the settings of the protocol say. */
  public Identity(AccountId account, String name, String user) {
    this(account, name, user, RetrievalOptions.DEFAULTS);
  }
}
