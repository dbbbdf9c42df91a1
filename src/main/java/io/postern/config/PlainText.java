package io.postern.config;

/** Where a password may be given without TLS. */
public enum PlainText {
  NEVER,
  LOOPBACK,
  ALWAYS
}
