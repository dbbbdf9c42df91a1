package io.postern.auth;

import io.postern.auth.password.AppPasswordText;
import io.postern.auth.password.Passwords;
import io.postern.model.Ids.AccountId;
import io.postern.store.account.Account;
import io.postern.store.account.Accounts;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.AppPasswords.AppPassword;
import io.postern.store.account.Secret;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** Checks a password against the candidate's password and app passwords. */
final class OwnPasswords {
  static final AccountId NOBODY = new AccountId(1);

  private final Accounts accounts;
  private final AppPasswords appPasswords;
  private final Passwords passwords;

  OwnPasswords(Accounts accounts, AppPasswords appPasswords, Passwords passwords) {
    this.accounts = accounts;
    this.appPasswords = appPasswords;
    this.passwords = passwords;
  }

  /**
   * Costs the same for every candidate, unless the password fits. A candidate who is refused anyway
   * is checked as an unknown one: else their right password, cached or an app's, would be refused
   * sooner than a wrong one.
   */
  Uni<Boolean> fits(Candidate who, Secret password) {
    if (!Login.plausible(password.reveal())) {
      return passwords.fitsNobody(who.names().user(), bounded(password));
    }
    if (!AppPasswordText.looksLike(password)) {
      return main(who, password);
    }
    return appPassword(who, password)
        .chain(
            found ->
                found
                    .map(p -> noted(who, p).replaceWith(true))
                    .orElseGet(() -> main(who, password)));
  }

  private Uni<Optional<AppPassword>> appPassword(Candidate who, Secret password) {
    var verifier = AppPasswordText.verifier(password);
    return appPasswords
        .list(who.account().map(Account::id).orElse(NOBODY))
        .map(
            all ->
                all.stream()
                    .filter(p -> AppPasswordText.same(p.verifier(), verifier))
                    .filter(_ -> who.mayProve())
                    .findFirst());
  }

  private Uni<Void> noted(Candidate who, AppPassword password) {
    return appPasswords.used(who.account().orElseThrow().id(), password.name());
  }

  private Uni<Boolean> main(Candidate who, Secret password) {
    return who.account()
        .filter(_ -> who.mayProve())
        .map(
            account ->
                passwords
                    .fits(who.names().user(), account.verifiers().password(), password)
                    .call(fits -> fits ? improve(account, password) : done()))
        .orElseGet(() -> passwords.fitsNobody(who.names().user(), password));
  }

  /** Replaces an imported hash, or one without SCRAM's keys, once the password is known. */
  private Uni<Boolean> improve(Account account, Secret password) {
    var verifiers = account.verifiers();
    if (Passwords.best(verifiers, password)) {
      return done();
    }
    return passwords
        .verifiers(password)
        .chain(better -> accounts.improve(account.id(), verifiers.password(), better));
  }

  private static Uni<Boolean> done() {
    return Uni.createFrom().item(false);
  }

  private static Secret bounded(Secret password) {
    var text = password.reveal();
    return text.length() <= Login.MAX_LENGTH
        ? password
        : new Secret(text.substring(0, Login.MAX_LENGTH));
  }
}
