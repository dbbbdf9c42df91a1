package io.postern.auth;

import io.postern.model.Ids.AccountId;

/**
 * An authenticated user.
 *
 * @param account whose mailboxes they are
 * @param name the account's login name, lower case
 */
public record Identity(AccountId account, String name) {}
