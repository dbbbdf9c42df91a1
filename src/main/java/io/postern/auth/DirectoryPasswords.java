package io.postern.auth;

import io.postern.store.account.Secret;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** Users whose passwords a directory server knows, and not this one. */
public interface DirectoryPasswords {
  /** No directory. */
  DirectoryPasswords NONE =
      new DirectoryPasswords() {
        @Override
        public boolean decides(String user) {
          return false;
        }

        @Override
        public Uni<Optional<String>> account(String user) {
          return Uni.createFrom().item(Optional.empty());
        }

        @Override
        public Uni<Boolean> verify(String user, Secret password) {
          return Uni.createFrom().item(false);
        }
      };

  /** Whether the directory decides about the password of a user, by the settings in force. */
  boolean decides(String user);

  /**
   * The name of the account here of a user of the directory, in lower case; empty when the
   * directory has no such user, or several. Fails with StoreException (Unavailable) when it does
   * not answer.
   */
  Uni<Optional<String>> account(String user);

  /**
   * Whether the password is the user's. Takes as long for a user that the directory does not have.
   * Fails with StoreException (Unavailable) when the directory does not answer: that is no wrong
   * password.
   */
  Uni<Boolean> verify(String user, Secret password);
}
