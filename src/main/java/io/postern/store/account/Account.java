package io.postern.store.account;

import io.postern.model.Home;
import io.postern.model.Ids.AccountId;
import java.util.Optional;

/**
 * An account as login needs it.
 *
 * @param id its id; {@link #NOT_HERE} when its home is another site
 * @param name its login name, lower case
 * @param verifiers of its password
 * @param access what it may do; of an account of another site, that site knows it alone
 * @param options how its messages are shown
 * @param elsewhere its home, when that is another site
 */
public record Account(
    AccountId id,
    String name,
    Verifiers verifiers,
    Access access,
    ProtocolOptions options,
    Optional<Home> elsewhere) {
  /** The id of no account of this database. */
  public static final AccountId NOT_HERE = new AccountId(1);

  /** An account of this site. */
  public Account(
      AccountId id, String name, Verifiers verifiers, Access access, ProtocolOptions options) {
    this(id, name, verifiers, access, options, Optional.empty());
  }

  /** An account whose messages are shown as the settings of the protocols say. */
  public Account(AccountId id, String name, Verifiers verifiers, Access access) {
    this(id, name, verifiers, access, ProtocolOptions.DEFAULTS);
  }

  /** An account of another site. */
  public static Account elsewhere(String name, Verifiers verifiers, Home home) {
    return new Account(
        NOT_HERE, name, verifiers, Access.OF_NEW, ProtocolOptions.DEFAULTS, Optional.of(home));
  }
}
