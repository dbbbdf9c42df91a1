package io.postern.lmtp;

import io.postern.config.area.LmtpSettings;
import io.postern.lmtp.LmtpState.Envelope;
import io.postern.lmtp.LmtpState.Recipient;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The lines that final delivery adds before a message (RFC 5321 §4.4): Return-Path, Delivered-To
 * (RFC 9228) and Received, in this order. Addresses are written in UTF-8 (RFC 6532 §3.2).
 *
 * @param replacesReturnPath whether an existing Return-Path of the message is removed
 * @param returnPath the line, empty for none
 * @param deliveredTo whether each recipient gets a line
 * @param received the line, empty for none
 * @param envelope of the message
 */
record TraceFields(
    boolean replacesReturnPath,
    String returnPath,
    boolean deliveredTo,
    String received,
    Envelope envelope) {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** LHLO names that Received shows; for any other it shows the peer's address alone. */
  private static final String NAME = "[A-Za-z0-9._-]{1,255}|\\[[A-Za-z0-9.:]{1,253}]";

  /**
   * The origin of a message, for its Received line.
   *
   * @param name the name in LHLO
   * @param address the peer's, as digits
   * @param server the name of this server
   */
  record Hop(String name, String address, String server, boolean tls, Instant at) {
    private String line(boolean utf8) {
      var peer = name.matches(NAME) ? name : "unknown";
      var literal = address.indexOf(':') >= 0 ? "IPv6:" + address : address;
      // RFC 3848 §3, RFC 6531 §4.3
      var protocol = (utf8 ? "UTF8LMTP" : "LMTP") + (tls ? "S" : "");
      var from = "Received: from " + peer + " ([" + literal + "])\r\n";
      return from + "\tby " + server + " with " + protocol + "; " + DATE.format(at) + "\r\n";
    }
  }

  /** Creates the lines that the settings enable. */
  static TraceFields of(LmtpSettings settings, Envelope envelope, Hop hop) {
    return new TraceFields(
        settings.returnPath(),
        settings.returnPath() ? "Return-Path: <" + envelope.sender() + ">\r\n" : "",
        settings.deliveredTo(),
        settings.received() ? hop.line(envelope.utf8()) : "",
        envelope);
  }

  /** Whether accounts get different lines: then {@link #own} come before {@link #common}. */
  boolean differ() {
    return deliveredTo && envelope.accounts() > 1;
  }

  /** The lines that are stored once with the message, for all recipients. */
  Buffer common() {
    if (differ()) {
      return Buffer.buffer(received);
    }
    var own = envelope.recipients().stream().findFirst().map(this::deliveredTo).orElse("");
    return Buffer.buffer(returnPath + own + received);
  }

  /** The lines of one recipient, which come before the common ones. */
  Buffer own(Recipient recipient) {
    return Buffer.buffer(differ() ? returnPath + deliveredTo(recipient) : "");
  }

  // RFC 9228 §4
  private String deliveredTo(Recipient recipient) {
    return deliveredTo ? "Delivered-To: " + recipient.address() + "\r\n" : "";
  }
}
