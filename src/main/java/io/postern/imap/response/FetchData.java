package io.postern.imap.response;

import io.postern.model.message.InternalDate;
import io.postern.model.message.Keywords;
import io.smallrye.mutiny.Multi;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** One data item of a FETCH response: its name and its value (RFC 3501 §7.4.2). */
public sealed interface FetchData {
  /** An item with a number: {@code UID 5}. */
  record Numeric(String name, long value) implements FetchData {}

  /** {@code EMAILID (M5)}; {@code THREADID NIL} for none (RFC 8474 §5.3). */
  record ObjectId(String name, Optional<String> id) implements FetchData {}

  /** An item with a text: {@code PREVIEW "…"}; NIL for none (RFC 8970 §3.2). */
  record Text(String name, Optional<String> text) implements FetchData {}

  /** {@code MODSEQ (5)} (RFC 7162 §3.1.5). */
  record ModSequence(long value) implements FetchData {}

  /**
   * {@code FLAGS (…)}.
   *
   * @param bits packed by the keywords
   * @param recent whether the message is recent in this session; IMAP4rev2 has no such flag
   */
  record FlagList(long bits, Keywords keywords, boolean recent) implements FetchData {}

  /** An item with a date and time: {@code INTERNALDATE "…"}. */
  record Date(String name, InternalDate date) implements FetchData {}

  /** An item whose value was encoded when the message was delivered: {@code ENVELOPE (…)}. */
  record Encoded(String name, Buffer value) implements FetchData {}

  /**
   * A section that is in memory.
   *
   * @param label name, section and offset
   * @param octets empty for a part that the message does not have: NIL
   * @param literal8 whether they have NUL, which no other literal can (RFC 3516 §4.3)
   */
  record Section(Buffer label, Optional<Buffer> octets, boolean literal8) implements FetchData {
    /** A section without NUL. */
    public Section(Buffer label, Optional<Buffer> octets) {
      this(label, octets, false);
    }
  }

  /**
   * A section whose octets are read while it is sent.
   *
   * @param label name, section and offset
   * @param length octets of all pieces together
   * @param literal8 whether they have NUL
   * @param pieces read one after the other, as fast as the client takes them
   */
  record Streamed(Buffer label, long length, boolean literal8, Multi<Buffer> pieces)
      implements FetchData {
    /** A section without NUL. */
    public Streamed(Buffer label, long length, Multi<Buffer> pieces) {
      this(label, length, false, pieces);
    }
  }
}
