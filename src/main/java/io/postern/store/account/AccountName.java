package io.postern.store.account;

import java.util.regex.Pattern;

/** The form of the names of new accounts. */
public final class AccountName {
  /** The form in words. */
  public static final String FORM =
      "local-part@domain: 254 characters at most, without space, control, quote, / or \\";

  // RFC 5321 §4.5.3.1: 64 octets before the @, 254 in all; / and \ part a delegate from a mailbox
  private static final Pattern NAME =
      Pattern.compile(
          "(?=.{3,254}$)[^\\p{Cntrl}\\p{Z}@/\\\\\"]{1,64}@[^\\p{Cntrl}\\p{Z}@/\\\\\"]+");

  private AccountName() {}

  /** Whether a new account may have this name. */
  public static boolean isValid(String name) {
    return NAME.matcher(name).matches();
  }
}
