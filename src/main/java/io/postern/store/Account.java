package io.postern.store;

import io.postern.model.Ids.AccountId;

/**
 * An account as login needs it.
 *
 * @param id its id
 * @param name its login name, lower case
 * @param verifier the encoded password hash, in PHC string form
 * @param enabled whether it may log in
 */
public record Account(AccountId id, String name, Secret verifier, boolean enabled) {}
