package io.postern.mime.header;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The header fields that the scanner keeps, because ENVELOPE or BODYSTRUCTURE shows them. */
public enum KeptField {
  DATE("date"),
  SUBJECT("subject"),
  FROM("from"),
  SENDER("sender"),
  REPLY_TO("reply-to"),
  TO("to"),
  CC("cc"),
  BCC("bcc"),
  IN_REPLY_TO("in-reply-to"),
  MESSAGE_ID("message-id"),
  CONTENT_TYPE("content-type"),
  CONTENT_TRANSFER_ENCODING("content-transfer-encoding"),
  CONTENT_ID("content-id"),
  CONTENT_DESCRIPTION("content-description"),
  CONTENT_MD5("content-md5"),
  CONTENT_DISPOSITION("content-disposition"),
  CONTENT_LANGUAGE("content-language"),
  CONTENT_LOCATION("content-location");

  /** Length of the longest name. */
  static final int LONGEST_NAME = 25;

  private static final Set<KeptField> OF_MESSAGE = EnumSet.range(DATE, MESSAGE_ID);
  private static final Set<KeptField> ADDRESSES = EnumSet.range(FROM, BCC);
  private static final Map<String, KeptField> BY_NAME = new HashMap<>();

  static {
    for (var field : values()) {
      BY_NAME.put(field.fieldName, field);
    }
  }

  private final String fieldName;

  KeptField(String fieldName) {
    this.fieldName = fieldName;
  }

  /** The field of this lower-case name. */
  static Optional<KeptField> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** Whether only a message's own header has it, not a part's. */
  boolean ofMessage() {
    return OF_MESSAGE.contains(this);
  }

  /** Whether it lists addresses: then all of its occurrences count, else only the first. */
  boolean listsAddresses() {
    return ADDRESSES.contains(this);
  }
}
