package io.postern.auth;

import io.postern.model.Ids.AccountId;

/**
 * An authenticated user, and the account whose mailboxes they opened.
 *
 * @param account the account that owns the mailboxes
 * @param name that account's login name, lower case
 * @param user the authenticated user's login name: the account's own unless the user acts for it
 */
public record Identity(AccountId account, String name, String user) {}
