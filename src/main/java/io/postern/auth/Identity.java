package io.postern.auth;

import io.postern.model.Ids.AccountId;

/**
 * An authenticated user, and whose mailboxes they opened.
 *
 * @param account whose mailboxes they are
 * @param name that account's login name, lower case
 * @param user who proved to be themselves: the account's own login name unless they act for it
 */
public record Identity(AccountId account, String name, String user) {
  /** Somebody who opens their own mailboxes. */
  public Identity(AccountId account, String name) {
    this(account, name, name);
  }
}
