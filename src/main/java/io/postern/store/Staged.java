package io.postern.store;

import io.postern.mime.MessageFacts;
import io.postern.model.Ids.BlobId;
import io.vertx.core.buffer.Buffer;

/**
 * A completely received message that is in no mailbox yet.
 *
 * @param bytes where they are
 * @param facts what was computed from them on arrival
 */
public record Staged(Bytes bytes, MessageFacts facts) {
  /** Where the bytes of a staged message are. */
  public sealed interface Bytes {
    /** In memory, one chunk or less: written together with the message. */
    record Inline(Buffer bytes) implements Bytes {}

    /** Durable already, without an owner yet. */
    record Stored(BlobId blob) implements Bytes {}

    /** As {@link Stored}, with octets of its own before those of a blob that others share. */
    record Prefixed(Buffer prefix, BlobId blob) implements Bytes {}
  }

  /**
   * The same message with lines prepended; its own octets stay where they are.
   *
   * @param lines as for {@link MessageFacts#behind}
   */
  public Staged withPrefix(Buffer lines) {
    var all =
        switch (bytes) {
          case Bytes.Inline(var own) -> new Bytes.Inline(concatenated(lines, own));
          case Bytes.Stored(var blob) -> new Bytes.Prefixed(lines, blob);
          case Bytes.Prefixed(var prefix, var blob) ->
              new Bytes.Prefixed(concatenated(lines, prefix), blob);
        };
    return new Staged(all, facts.behind(lines));
  }

  private static Buffer concatenated(Buffer first, Buffer second) {
    return Buffer.buffer(first.length() + second.length()).appendBuffer(first).appendBuffer(second);
  }

  /** Octets that it holds in memory: its facts, and the bytes that are not written yet. */
  public long held() {
    long inline =
        switch (bytes) {
          case Bytes.Inline(var octets) -> octets.length();
          case Bytes.Stored _ -> 0;
          case Bytes.Prefixed(var prefix, _) -> prefix.length();
        };
    return inline + facts.held();
  }
}
