package io.postern.transfer;

import io.postern.transfer.archive.ArchivedMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A mailbox in memory, which takes so many messages and then ends as if it were killed. */
public final class MemoryMailbox implements RemoteMailbox {
  /** A message. */
  public record Held(String octets, List<String> flags, OffsetDateTime date) {}

  private final List<Held> held = new ArrayList<>();
  private int takes = Integer.MAX_VALUE;
  private String refused = "nothing";
  private int reads;

  /** Its messages. */
  public List<Held> held() {
    return held;
  }

  /** Ends when it has taken so many more. */
  public void killedAfter(int more) {
    takes = more;
  }

  /** Refuses messages with this text. */
  public void refuse(String text) {
    refused = text;
  }

  /** How many messages were read. */
  public int reads() {
    return reads;
  }

  @Override
  public void list(Consumer<Stored> each) {
    for (int i = 0; i < held.size(); i++) {
      var it = held.get(i);
      each.accept(new Stored(i + 1L, it.octets().length(), it.date(), it.flags()));
    }
  }

  @Override
  public void read(long uid, OutputStream to) throws IOException {
    reads++;
    to.write(held.get((int) uid - 1).octets().getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void add(ArchivedMessage message) throws IOException {
    if (takes-- == 0) {
      throw new IOException("killed");
    }
    try (var in = message.octets().open()) {
      var text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      if (text.contains(refused)) {
        throw new Refused("it is too large");
      }
      held.add(new Held(text, message.flags(), message.date()));
    }
  }
}
