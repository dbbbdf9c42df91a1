package io.postern.auth;

import io.postern.config.area.AuthSettings;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Parses login names in the forms that Exchange accepts: {@code user}, {@code user@domain}, {@code
 * DOMAIN\ user}; and with the requested mailbox as the last part, behind a slash or backslash:
 * {@code DOMAIN/user/mailbox}, {@code user@domain/mailbox@domain}.
 */
public final class LoginName {
  /**
   * The meaning of a login name.
   *
   * @param user the user's login name, lower case
   * @param mailbox the login name of the requested mailboxes' owner; empty for their own
   * @param blocked whether this user never logs in
   */
  public record Meaning(String user, Optional<String> mailbox, boolean blocked) {
    /**
     * The user in the one spelling under which attempts are counted: NFKC, case folded, without
     * white space and invisible characters. It is coarser than any comparison of names in a store,
     * so that no user has two. Empty when the name has no local part, and so names no user.
     */
    public Optional<String> subject() {
      var folded = folded(user);
      int at = folded.indexOf('@');
      var local = at < 0 ? folded : folded.substring(0, at);
      return local.endsWith("\\") || local.isEmpty() ? Optional.empty() : Optional.of(folded);
    }

    private static String folded(String user) {
      var compatible = Normalizer.normalize(user, Normalizer.Form.NFKC);
      var folded = compatible.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
      return INVISIBLE.matcher(Normalizer.normalize(folded, Normalizer.Form.NFKC)).replaceAll("");
    }
  }

  /** Local parts that name no particular user. */
  private static final Set<String> ANONYMOUS = Set.of("", "anonymous", "guest", "ftp");

  private static final Pattern INVISIBLE = Pattern.compile("[\\s\\p{Z}\\p{C}]+");
  private static final Pattern SEPARATOR = Pattern.compile("[/\\\\]");

  private static final Pattern NOT_A_USER = Pattern.compile("[@/\\\\\\p{Cntrl}]");

  private final AuthSettings settings;

  public LoginName(AuthSettings settings) {
    this.settings = settings;
  }

  /** Parses a name by the settings. Every text has a meaning, if only an unknown user. */
  public Meaning parse(String name) {
    var parts = SEPARATOR.split(name.toLowerCase(Locale.ROOT), 4);
    return switch (parts.length) {
      case 1 -> meaning(qualified(parts[0], Optional.empty()), Optional.empty());
      // "user@domain/mailbox" or "DOMAIN\ user"
      case 2 ->
          parts[0].indexOf('@') >= 0
              ? delegate(parts[0], Optional.empty(), parts[1])
              : meaning(qualified(parts[1], Optional.of(parts[0])), Optional.empty());
      case 3 -> delegate(parts[1], Optional.of(parts[0]), parts[2]);
      default -> meaning(name.toLowerCase(Locale.ROOT), Optional.empty());
    };
  }

  /**
   * Parses a name from an authority: a token's claim, a certificate's field. It is taken literally:
   * {@code DOMAIN\\ user} and {@code user/mailbox} are names of no account. Only a bare name gets
   * the default domain.
   */
  public Meaning literal(String name) {
    var user = name.toLowerCase(Locale.ROOT);
    return meaning(
        SEPARATOR.matcher(user).find() ? user : qualified(user, Optional.empty()),
        Optional.empty());
  }

  /**
   * What a Kerberos principal means (RFC 4120 §6.2): a user in the mail domain of the realm. A
   * principal of several components, or with an escaped character, is no user.
   */
  public Meaning principal(String user, String realm) {
    var lower = user.toLowerCase(Locale.ROOT);
    return lower.isEmpty() || NOT_A_USER.matcher(lower).find()
        ? new Meaning("", Optional.empty(), false)
        : meaning(qualified(lower, Optional.of(realm.toLowerCase(Locale.ROOT))), Optional.empty());
  }

  /** The login name that an authorization identity means; empty when it means nothing else. */
  Optional<String> actAs(LoginAttempt attempt, Meaning user) {
    return attempt
        .actAs()
        .filter(other -> !other.isEmpty())
        .map(other -> inDomainOf(other.toLowerCase(Locale.ROOT), user.user()))
        .filter(other -> !other.equals(user.user()));
  }

  private Meaning delegate(String user, Optional<String> domain, String mailbox) {
    var qualified = qualified(user, domain);
    return meaning(
        qualified,
        Optional.of(inDomainOf(mailbox, qualified)).filter(other -> !other.equals(qualified)));
  }

  private Meaning meaning(String user, Optional<String> mailbox) {
    int at = user.indexOf('@');
    var local = at < 0 ? user : user.substring(0, at);
    boolean blocked =
        ANONYMOUS.contains(local)
            || settings.blockedUsers().stream()
                .flatMap(java.util.List::stream)
                .map(entry -> entry.toLowerCase(Locale.ROOT))
                .anyMatch(entry -> entry.equals(user) || entry.equals(local));
    return new Meaning(user, mailbox, blocked);
  }

  /** A name without domain, in the domain of the other one. */
  private static String inDomainOf(String name, String other) {
    int at = other.indexOf('@');
    return name.indexOf('@') >= 0 || at < 0 ? name : name + other.substring(at);
  }

  private String qualified(String user, Optional<String> domain) {
    if (user.indexOf('@') >= 0) {
      return user;
    }
    if (domain.isPresent()) {
      return mailDomain(domain.get()).map(d -> user + "@" + d).orElse(domain.get() + "\\" + user);
    }
    return settings.defaultDomain().map(d -> user + "@" + d.toLowerCase(Locale.ROOT)).orElse(user);
  }

  /** The mail domain of a Windows domain or Kerberos realm, lower case; itself if it has a dot. */
  Optional<String> mailDomain(String domain) {
    var domains = windowsDomains();
    return Optional.ofNullable(domains.get(domain))
        .or(() -> Optional.of(domain).filter(d -> d.indexOf('.') > 0));
  }

  private Map<String, String> windowsDomains() {
    return AuthSettings.pairs(settings.windowsDomains().orElse(java.util.List.of()));
  }
}
