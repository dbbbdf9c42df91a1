package io.postern.store.account;

import io.postern.model.Ids.AccountId;

/**
 * An account as login needs it.
 *
 * @param id its id
 * @param name its login name, lower case
 * @param verifiers of its password
 * @param access what it may do
 * @param options how its messages are shown
 */
public record Account(
    AccountId id, String name, Verifiers verifiers, Access access, ProtocolOptions options) {
  /** An account whose messages are shown as the settings of the protocols say. */
  public Account(AccountId id, String name, Verifiers verifiers, Access access) {
    this(id, name, verifiers, access, ProtocolOptions.DEFAULTS);
  }
}
