package io.postern.site.transfer;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;

/**
 * What a request or a response holds: fields, and octets. On the wire: the length of the fields (4
 * octets), the fields in JSON, the octets.
 */
record TransferMessage(JsonObject fields, Buffer octets) {
  /** Most octets of a message: 32 contents with the largest headers that are accepted. */
  static final int MAX = 256 << 20;

  private static final int LENGTH = 4;

  static TransferMessage of(JsonObject fields) {
    return new TransferMessage(fields, Buffer.buffer());
  }

  Buffer encode() {
    var head = fields.toBuffer();
    return Buffer.buffer(LENGTH + head.length() + octets.length())
        .appendInt(head.length())
        .appendBuffer(head)
        .appendBuffer(octets);
  }

  /**
   * Parses a message.
   *
   * @throws IllegalArgumentException when it is none
   */
  static TransferMessage parse(Buffer wire) {
    int head = wire.length() < LENGTH ? -1 : wire.getInt(0);
    if (head < 0 || head > wire.length() - LENGTH) {
      throw new IllegalArgumentException("not a message of a site");
    }
    try {
      return new TransferMessage(
          new JsonObject(wire.slice(LENGTH, LENGTH + head)),
          wire.slice(LENGTH + head, wire.length()));
    } catch (DecodeException e) {
      throw new IllegalArgumentException("not a message of a site", e);
    }
  }
}
