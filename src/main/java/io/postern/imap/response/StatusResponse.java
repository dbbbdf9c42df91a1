package io.postern.imap.response;

import java.util.Optional;

/**
 * A status response (RFC 3501 §7.1): the tagged line of a command, or an untagged condition.
 *
 * @param code the response code, if any
 * @param text for people; characters other than printable ASCII are written as "?"
 */
public record StatusResponse(Condition condition, Optional<ResponseCode> code, String text) {
  /** The condition that a status response reports. */
  public enum Condition {
    OK,
    NO,
    BAD,
    BYE
  }

  /** A status without a code. */
  public static StatusResponse of(Condition condition, String text) {
    return new StatusResponse(condition, Optional.empty(), text);
  }

  /** A status with a code. */
  public static StatusResponse of(Condition condition, ResponseCode code, String text) {
    return new StatusResponse(condition, Optional.of(code), text);
  }
}
