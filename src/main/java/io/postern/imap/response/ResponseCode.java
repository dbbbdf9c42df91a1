package io.postern.imap.response;

import io.postern.model.NumberSet;
import io.postern.model.UidValidity;
import io.postern.model.message.Keywords;
import java.util.List;
import java.util.OptionalLong;

/** A response code in brackets (RFC 3501 §7.1, RFC 5530). */
public sealed interface ResponseCode {
  /** A code without arguments, in capitals: {@code TRYCREATE}. */
  record Atom(String name) implements ResponseCode {}

  /** {@code REFERRAL imap://user@host/} (RFC 2221 §4.1). */
  record Referral(String url) implements ResponseCode {}

  /**
   * {@code UNAVAILABLE} (RFC 5530 §3): the site of the mailbox cannot be reached. The user is
   * authenticated, so it is no refused login.
   */
  record HomeUnavailable() implements ResponseCode {}

  /** {@code MAILBOXID (F5)} (RFC 8474 §4.1). */
  record ObjectId(String name, String id) implements ResponseCode {}

  /**
   * One command handles no more messages than this (RFC 9738 §3.1).
   *
   * @param lowest the lowest UID of those that it handles, or would; empty if not known
   */
  record MessageLimit(long most, OptionalLong lowest) implements ResponseCode {}

  /** A code with a number: {@code UIDNEXT 5}. */
  record Numeric(String name, long value) implements ResponseCode {}

  /** The capabilities, in the order shown (RFC 3501 §7.1). */
  record Capability(List<String> names) implements ResponseCode {}

  /** The charsets that SEARCH supports (RFC 3501 §7.1). */
  record BadCharset(List<String> supported) implements ResponseCode {}

  /** The search of this tag is not followed (RFC 5267 §4.3.1). */
  record NoUpdate(String tag) implements ResponseCode {}

  /** The events that NOTIFY knows, in reply to one that it does not (RFC 5465 §3.1). */
  record BadEvent(List<String> supported) implements ResponseCode {}

  /** The URL that could not be had (RFC 4469 §4.1); characters not allowed are shown as "?". */
  record BadUrl(String url) implements ResponseCode {}

  /**
   * How far a command has come (RFC 9585 §4).
   *
   * @param tag of the command
   * @param done of the goal; both may be unknown
   */
  record InProgress(String tag, OptionalLong done, OptionalLong goal) implements ResponseCode {}

  /**
   * The flags that the client can change permanently (RFC 3501 §7.1).
   *
   * @param bits packed by the keywords
   * @param any whether new keywords can be created
   */
  record PermanentFlags(long bits, Keywords keywords, boolean any) implements ResponseCode {}

  /** The UIDs of appended messages; at least one (RFC 4315 §3). */
  record AppendUid(UidValidity uidValidity, NumberSet uids) implements ResponseCode {}

  /** The UIDs of copied messages and of their copies; at least one (RFC 4315 §3). */
  record CopyUid(UidValidity uidValidity, NumberSet from, NumberSet to) implements ResponseCode {}

  /** A code with a set of at least one number: {@code MODIFIED 7,9} (RFC 7162 §3.1.3). */
  record Numbers(String name, NumberSet numbers) implements ResponseCode {}
}
