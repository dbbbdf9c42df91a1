package io.postern.site.hop;

/** What the home site has answered to a hand-over. */
sealed interface Verdict {
  /**
   * The user is logged in.
   *
   * @param answer the response without IMAP's tag and the line end
   */
  record Entered(String answer) implements Verdict {}

  /**
   * The login of an authenticated user is refused.
   *
   * @param code the response code without brackets, shown to the client
   */
  record Refused(String code, String text) implements Verdict {}

  /** The user may not log in there. */
  record Denied() implements Verdict {}

  /** The mailbox's home is another site. */
  record NotHome() implements Verdict {}

  /** The site cannot answer now; trying again may help. */
  record Unavailable(String why) implements Verdict {}

  /** The site does not take what is handed over: trying again does not help. */
  record Misconfigured(String why) implements Verdict {}
}
