package io.postern.store.account;

import io.postern.model.Ids.AccountId;

/**
 * An account as login needs it.
 *
 * @param id its id
 * @param name its login name, lower case
 * @param verifiers of its password
 * @param access what it may do
 */
public record Account(AccountId id, String name, Verifiers verifiers, Access access) {}
