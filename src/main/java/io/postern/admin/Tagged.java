package io.postern.admin;

/** A resource with an entity tag, for conditional updates ({@link IfMatch}). */
public interface Tagged {
  /** Its entity tag, which changes whenever what a caller can change does (RFC 9110 §8.8.3). */
  String tag();
}
