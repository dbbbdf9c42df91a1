package io.postern.sessions;

import java.util.List;
import java.util.Optional;

/**
 * Changes accounts as an administrator would. Its words may name the account, {@code disabled:2};
 * it is the first when they don't.
 *
 * <ul>
 *   <li>{@code disabled}, {@code administrator}, {@code imap-off}, {@code pop-off}
 *   <li>{@code grant}: the first account has full access to this one
 *   <li>{@code app-password}, {@code revoked-app-password}: there is one, or was
 * </ul>
 */
interface AccountSetup {
  /** What may be switched of an account. */
  enum Right {
    ENABLED,
    ADMINISTRATOR,
    IMAP,
    POP
  }

  /** Switches it. */
  void set(String user, Right right, boolean on);

  /** Gives the delegate full access to the owner's mailboxes. */
  void grant(String owner, String delegate);

  /** Creates the user's app password of this name, and returns it. */
  String appPassword(String user, String name);

  /** Takes it back. */
  void revoke(String user, String name);

  /** Applies the word; returns the app password, if it created one. */
  default Optional<String> give(String word, List<Target.Login> logins) {
    var parts = word.split(":", 2);
    var number = parts.length == 1 ? 1 : Integer.parseInt(parts[1]);
    var user = logins.get(number - 1).name();
    return switch (parts[0]) {
      case "disabled" -> without(user, Right.ENABLED);
      case "imap-off" -> without(user, Right.IMAP);
      case "pop-off" -> without(user, Right.POP);
      case "administrator" -> {
        set(user, Right.ADMINISTRATOR, true);
        yield Optional.empty();
      }
      case "grant" -> {
        grant(user, logins.getFirst().name());
        yield Optional.empty();
      }
      case "app-password" -> Optional.of(appPassword(user, "phone"));
      case "revoked-app-password" -> {
        var text = appPassword(user, "phone");
        revoke(user, "phone");
        yield Optional.of(text);
      }
      default -> throw new IllegalArgumentException("no such word: " + word);
    };
  }

  private Optional<String> without(String user, Right right) {
    set(user, right, false);
    return Optional.empty();
  }
}
