package io.postern.auth;

import io.postern.auth.password.AppPasswordText;
import io.postern.auth.password.Passwords;
import io.postern.store.account.Account;
import io.postern.store.account.Accounts;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.AppPasswords.AppPassword;
import io.postern.store.account.Secret;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Checks a password against the candidate's password and app passwords. */
final class PasswordVerification {
  private final Accounts accounts;
  private final AppPasswords appPasswords;
  private final Passwords passwords;
  private final DirectoryPasswords directory;
  private final AccountProvisioning provisioning;

  PasswordVerification(
      Accounts accounts,
      AppPasswords appPasswords,
      Passwords passwords,
      DirectoryPasswords directory,
      AccountProvisioning provisioning) {
    this.accounts = accounts;
    this.appPasswords = appPasswords;
    this.passwords = passwords;
    this.directory = directory;
    this.provisioning = provisioning;
  }

  /** Reads what {@link #verify} needs besides the candidate, and may be read beside it. */
  Uni<List<AppPassword>> appPasswords(String user, Secret password) {
    return AppPasswordText.hasForm(password)
        ? appPasswords.list(user)
        : Uni.createFrom().item(List.of());
  }

  /**
   * Costs the same for every candidate, unless the password fits. A candidate who is refused anyway
   * is checked as an unknown one: else their right password, cached or an app's, would be refused
   * sooner than a wrong one.
   *
   * @param all the {@link #appPasswords} of the candidate's user
   * @return whether it fits; also for a user of the directory whose account is to be created
   */
  Uni<Boolean> verify(Candidate candidate, List<AppPassword> all, Secret password) {
    if (!Login.plausible(password.reveal())) {
      return passwords.verifyUnknown(candidate.meaning().user(), truncated(password));
    }
    if (!AppPasswordText.hasForm(password)) {
      return verifyAccountPassword(candidate, password);
    }
    return appPassword(candidate, all, password)
        .map(found -> recordUse(candidate, found).replaceWith(true))
        .orElseGet(() -> verifyAccountPassword(candidate, password));
  }

  private static Optional<AppPassword> appPassword(
      Candidate candidate, List<AppPassword> all, Secret password) {
    var verifier = AppPasswordText.verifier(password);
    return all.stream()
        .filter(p -> AppPasswordText.areEqual(p.verifier(), verifier))
        .filter(_ -> candidate.isEligible())
        .findFirst();
  }

  /** Asks the store only if that may record something. */
  private Uni<Void> recordUse(Candidate candidate, AppPassword password) {
    var hourAgo = Instant.now().minus(AppPasswords.USE_INTERVAL);
    return password.lastUsed().filter(hourAgo::isBefore).isPresent()
        ? Uni.createFrom().voidItem()
        : appPasswords.recordUse(candidate.account().orElseThrow().id(), password.name());
  }

  private Uni<Boolean> verifyAccountPassword(Candidate candidate, Secret password) {
    var user = candidate.meaning().user();
    if (directory.decides(user)) {
      // Asked for a candidate who is refused, too: it is not to be answered sooner.
      return directory
          .verify(user, password)
          .map(right -> right && (candidate.isEligible() || provisioning.isWanted(candidate)));
    }
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
