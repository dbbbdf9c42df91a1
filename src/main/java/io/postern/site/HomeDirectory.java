package io.postern.site;

import io.postern.model.Home;
import io.postern.store.StoreFailure;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/**
 * The directory of homes, which all sites share. Every call fails with {@link
 * StoreFailure.Unavailable} when it does not answer.
 */
public interface HomeDirectory {
  /**
   * An account in the directory.
   *
   * @param name its login name, lower case
   * @param verifiers of its password, as its home site has published them
   * @param appPasswords the verifiers of its app passwords
   */
  record Entry(String name, Home home, Verifiers verifiers, List<Secret> appPasswords) {
    public Entry {
      appPasswords = List.copyOf(appPasswords);
    }
  }

  /**
   * What a site publishes of an account of its own.
   *
   * @param name its login name, lower case
   */
  record Published(String name, Verifiers verifiers, List<Secret> appPasswords) {
    public Published {
      appPasswords = List.copyOf(appPasswords);
    }
  }

  /**
   * The entry of an account; empty when there is none.
   *
   * @param name its login name, lower case
   */
  Uni<Optional<Entry>> find(String name);

  /**
   * Publishes accounts of a site. New names get this site as their home; names of other sites stay
   * as they are.
   *
   * @return the names that belong to other sites
   */
  Uni<List<String>> publish(String site, List<Published> accounts);

  /**
   * Changes the home of an account, and its epoch by one, if it is the given one still.
   *
   * @param name its login name, lower case
   * @param before its home
   * @param site the new one
   */
  Uni<Boolean> move(String name, Home before, String site);
}
