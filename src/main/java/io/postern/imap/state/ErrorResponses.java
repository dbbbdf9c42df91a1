package io.postern.imap.state;

import io.postern.auth.Refusal;
import io.postern.imap.response.ResponseCode;
import io.postern.model.Home;
import io.postern.site.Sites;
import io.postern.store.StoreFailure;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The responses to commands that the store did not carry out (RFC 5530). */
public final class ErrorResponses {
  /** Codes of refused logins. Too many connections is none: that user has proved an identity. */
  private static final Set<String> LOGIN =
      Set.of("AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "UNAVAILABLE");

  private ErrorResponses() {}

  /** The tagged NO for a failure. */
  public static Outcome.No of(StoreFailure failure) {
    return switch (failure) {
      case StoreFailure.NoSuchMailbox(var name) ->
          Outcome.no("NONEXISTENT", "There is no mailbox \"" + name.value() + "\".");
      case StoreFailure.MailboxGone() ->
          Outcome.no("NONEXISTENT", "The mailbox was deleted meanwhile.");
      case StoreFailure.Damaged(var mailbox, var uidValidity, _) ->
          Outcome.no(
              "SERVERBUG",
              "The mailbox "
                  + mailbox.mailbox().objectId(uidValidity)
                  + " is damaged: it cannot be opened or changed.");
      case StoreFailure.AlreadyExists(var name) ->
          Outcome.no("ALREADYEXISTS", "There is a mailbox \"" + name.value() + "\" already.");
      case StoreFailure.AccountExists(_), StoreFailure.AccountDeleted(_) ->
          Outcome.no("ALREADYEXISTS", "There is such an account.");
      case StoreFailure.SpecialUseTaken(var use, var by) ->
          Outcome.no("USEATTR", "\"" + by.value() + "\" has the use " + use.attribute() + ".");
      case StoreFailure.NoRight(var name, var missing) ->
          Outcome.no(
              "NOPERM", "You lack the right \"" + missing.text() + "\" to " + name.value() + ".");
      case StoreFailure.NotPermitted(var reason) -> Outcome.no("CANNOT", reason + ".");
      case StoreFailure.LimitReached(var what, var allowed) ->
          Outcome.no("LIMIT", "At most " + allowed + " " + what + " are allowed.");
      case StoreFailure.OverQuota quota ->
          Outcome.no("OVERQUOTA", "All mailboxes together may hold " + quota.allowed() + ".");
      case StoreFailure.Unavailable(_) ->
          Outcome.no("UNAVAILABLE", "The store does not answer now; please try again.");
    };
  }

  /** The mailbox was opened by EXAMINE: its flags and messages can't be changed. */
  public static Outcome.No readOnly() {
    return Outcome.no("The mailbox is opened read-only.");
  }

  /** A message named by its number was expunged meanwhile (RFC 2180 §4, RFC 5530 §3). */
  public static Outcome.No expungeIssued() {
    return Outcome.no("EXPUNGEISSUED", "Some of the messages were expunged; NOOP reports which.");
  }

  /** A password would cross the wire in clear text. */
  public static Outcome.No privacyRequired() {
    return Outcome.no("PRIVACYREQUIRED", "A password is accepted under TLS only.");
  }

  /** A login was refused (RFC 5530 §3). */
  public static Outcome.Tagged of(Refusal refusal) {
    return switch (refusal) {
      case MALFORMED -> Outcome.bad("The response is malformed.");
      case CREDENTIALS -> Outcome.no("AUTHENTICATIONFAILED", "User name or password is wrong.");
      case TOO_MANY -> Outcome.no("LIMIT", "There are too many connections already.");
      case UNAVAILABLE -> Outcome.no("UNAVAILABLE", "Login is not possible now; please try again.");
    };
  }

  /** The mailbox's home is another site (RFC 2221); the text names it for the front end. */
  public static Outcome.No referral(String account, Home home) {
    var url = "imap://" + URLEncoder.encode(account, StandardCharsets.UTF_8) + "@" + home.site();
    return Outcome.no(
        new ResponseCode.Referral(url + "/"),
        "The home of the mailbox is " + home.site() + ":" + home.epoch() + ".");
  }

  /**
   * The outcome of a login at another site.
   *
   * @param session the identifier of the session in logs, shown to a user who has to wait
   */
  public static Outcome passed(Sites.Passage passage, String session) {
    return switch (passage) {
      case Sites.Passage.Entered(var answer, var pipe) -> new Outcome.PassedOn(answer, pipe);
      case Sites.Passage.Refused(var code, var text) ->
          Outcome.no(new ResponseCode.Atom(code), text);
      case Sites.Passage.Denied() -> of(Refusal.CREDENTIALS);
      case Sites.Passage.Unavailable() ->
          Outcome.no(
              new ResponseCode.HomeUnavailable(),
              "Your mailbox cannot be reached now; please try again (session " + session + ").");
    };
  }

  /** Whether a login was refused, rather than a mechanism unknown or unavailable before TLS. */
  public static boolean isOfLogin(Outcome outcome) {
    return outcome instanceof Outcome.No no && LOGIN.stream().anyMatch(no::has);
  }

  /** The mailbox does not exist. */
  public static Outcome.No noSuchMailbox() {
    return Outcome.no("NONEXISTENT", "There is no such mailbox.");
  }

  /** The target of COPY, MOVE or APPEND does not exist (RFC 3501 §6.3.11). */
  public static Outcome.No tryCreate() {
    return Outcome.no("TRYCREATE", "There is no such mailbox; CREATE it first.");
  }
}
