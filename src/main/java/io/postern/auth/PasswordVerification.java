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
final class PasswordVerification {
  static final AccountId NO_ACCOUNT = new AccountId(1);

  private final Accounts accounts;
  private final AppPasswords appPasswords;
  private final Passwords passwords;

  PasswordVerification(Accounts accounts, AppPasswords appPasswords, Passwords passwords) {
    this.accounts = accounts;
    this.appPasswords = appPasswords;
    this.passwords = passwords;
  }

  /**
   * Costs the same for every candidate, unless the password fits. A candidate who is refused anyway
   * is checked as an unknown one: else their right password, cached or an app's, would be refused
   * sooner than a wrong one.
   */
  Uni<Boolean> verify(Candidate candidate, Secret password) {
    if (!Login.plausible(password.reveal())) {
      return passwords.verifyUnknown(candidate.meaning().user(), truncated(password));
    }
    if (!AppPasswordText.hasForm(password)) {
      return verifyAccountPassword(candidate, password);
    }
    return appPassword(candidate, password)
        .chain(
            found ->
                found
                    .map(p -> recordUse(candidate, p).replaceWith(true))
                    .orElseGet(() -> verifyAccountPassword(candidate, password)));
  }

  private Uni<Optional<AppPassword>> appPassword(Candidate candidate, Secret password) {
    var verifier = AppPasswordText.verifier(password);
    return appPasswords
        .list(candidate.account().map(Account::id).orElse(NO_ACCOUNT))
        .map(
            all ->
                all.stream()
                    .filter(p -> AppPasswordText.areEqual(p.verifier(), verifier))
                    .filter(_ -> candidate.isEligible())
                    .findFirst());
  }

  private Uni<Void> recordUse(Candidate candidate, AppPassword password) {
    return appPasswords.recordUse(candidate.account().orElseThrow().id(), password.name());
  }

  private Uni<Boolean> verifyAccountPassword(Candidate candidate, Secret password) {
    return candidate
        .account()
        .filter(_ -> candidate.isEligible())
        .map(
            account ->
                passwords
                    .verify(candidate.meaning().user(), account.verifiers().password(), password)
                    .call(fits -> fits ? upgradeVerifiers(account, password) : unchanged()))
        .orElseGet(() -> passwords.verifyUnknown(candidate.meaning().user(), password));
  }

  /** Replaces an imported hash, or one without SCRAM's keys, once the password is known. */
  private Uni<Boolean> upgradeVerifiers(Account account, Secret password) {
    var verifiers = account.verifiers();
    if (Passwords.isUpToDate(verifiers, password)) {
      return unchanged();
    }
    return passwords
        .verifiers(password)
        .chain(upgraded -> accounts.upgradeVerifiers(account.id(), verifiers.password(), upgraded));
  }

  private static Uni<Boolean> unchanged() {
    return Uni.createFrom().item(false);
  }

  private static Secret truncated(Secret password) {
    var text = password.reveal();
    return text.length() <= Login.MAX_LENGTH
        ? password
        : new Secret(text.substring(0, Login.MAX_LENGTH));
  }
}
