package io.postern.pop3.maildrop;

import io.postern.store.Blobs;
import io.postern.store.Messages;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.Content;
import io.postern.wire.Outbox;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.OptionalLong;

/** RETR and TOP: streams a message from the store as fast as the client reads it. */
public final class Retrieval {
  /** Octets that are read at once with the facts of a message. */
  private static final int MAX_OCTETS = 2 * Blobs.CHUNK;

  private final Messages messages;
  private final Blobs blobs;
  private final Outbox out;
  private DotStuffer stuffing = new DotStuffer(false);
  private boolean begun;
  private Outbox.Allowance memory;

  /**
   * A retrieval of one message.
   *
   * @param out of the connection, on whose context it runs
   */
  public Retrieval(Messages messages, Blobs blobs, Outbox out) {
    this.messages = messages;
    this.blobs = blobs;
    this.out = out;
    this.memory = out.allowance(0);
  }

  /** Releases the memory reserved for the message. */
  public void release() {
    memory.release();
  }

  /** Whether octets were sent: then a failure can't be reported to the client any more. */
  public boolean begun() {
    return begun;
  }

  /** Sends a whole message; fails as the store does, or if its octets are not those announced. */
  public Uni<Void> whole(Maildrop maildrop, long number) {
    long size = maildrop.size(number);
    return content(maildrop, number, false)
        .chain(content -> sendWhole(content, size + " octets"))
        .invoke(
            end -> {
              long octets = stuffing.octets() + end.length() - ".\r\n".length();
              if (octets != size) {
                throw differs(size, octets);
              }
              out.write(end);
            })
        .replaceWithVoid();
  }

  /** A message in memory is written at once; returns the text that must follow it. */
  private Uni<String> sendWhole(Content content, String status) {
    var bytes = content.bytes();
    if (bytes.isEmpty()) {
      return send(content, read(content, content.facts().size()), status);
    }
    stuffing = stuffer(content);
    begin(status);
    out.write(stuffing.piece(content.facts().octets().shown(bytes.get())));
    return out.full() ? out.room().map(_ -> stuffing.end()) : Uni.createFrom().item(stuffing.end());
  }

  private static DotStuffer stuffer(Content content) {
    var facts = content.facts();
    return new DotStuffer(facts.octets().crlfSize().equals(OptionalLong.of(facts.size())));
  }

  /** Sends a message's header and so many lines of its body. */
  public Uni<Void> top(Maildrop maildrop, long number, long lines) {
    return content(maildrop, number, lines == 0)
        .chain(content -> send(content, top(content, lines), "the top of it follows"))
        .invoke(out::write)
        .replaceWithVoid();
  }

  private Multi<Buffer> top(Content content, long lines) {
    var facts = content.facts();
    int bodyStart = facts.parts().bodyStart();
    if (lines == 0 && facts.headerIsWhole()) {
      return facts.header().length() == 0
          ? Multi.createFrom().empty()
          : Multi.createFrom().item(facts.octets().shown(facts.header()));
    }
    var top = new TopLines(bodyStart, lines);
    return read(content, lines == 0 ? bodyStart : facts.size())
        .select()
        .first(_ -> !top.over())
        .map(top::cut)
        .onCompletion()
        .invoke(
            () -> {
              if (!top.over() && top.passedOctets() != facts.size()) {
                throw differs(facts.size(), top.passedOctets());
              }
            });
  }

  private static IllegalStateException differs(long size, long had) {
    return new IllegalStateException("a message of " + size + " octets had " + had);
  }

  /**
   * Reads the facts of a message, with its header or bytes if they are short and memory allows; the
   * rest is read in pieces.
   */
  private Uni<Content> content(Maildrop maildrop, long number, boolean header) {
    var id = maildrop.content(number);
    memory = out.allowance(MAX_OCTETS);
    boolean enough = memory.octets() == MAX_OCTETS;
    int bytes = !enough ? Columns.STREAMED : header ? 0 : Blobs.CHUNK;
    var wanted = new Columns(false, header && enough, bytes);
    return messages
        .contents(maildrop.account(), List.of(id), wanted)
        .map(
            found ->
                java.util.Optional.ofNullable(found.get(id))
                    .orElseThrow(() -> new IllegalStateException("no bytes of " + id)))
        .invoke(content -> memory.keep(content.held()));
  }

  private Multi<Buffer> read(Content content, long length) {
    return length == 0
        ? Multi.createFrom().empty()
        : content.read(blobs, 0, length, out::piece).map(content.facts().octets()::shown);
  }

  /** Sends the pieces behind a status line; returns the text that must follow them. */
  private Uni<String> send(Content content, Multi<Buffer> pieces, String status) {
    stuffing = stuffer(content);
    return pieces
        .onItem()
        .transformToUniAndConcatenate(
            piece -> {
              begin(status);
              out.write(stuffing.piece(piece));
              return out.room();
            })
        .onItem()
        .ignoreAsUni()
        .invoke(() -> begin(status))
        .map(_ -> stuffing.end());
  }

  private void begin(String status) {
    if (!begun) {
      begun = true;
      out.write("+OK " + status + "\r\n");
    }
  }
}
