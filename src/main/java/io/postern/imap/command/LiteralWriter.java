package io.postern.imap.command;

import io.postern.imap.grammar.ResponseText;
import io.postern.imap.session.CommandContext;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;

/** Sends octets as a literal, as fast as the client reads them. */
final class LiteralWriter {
  private final CommandContext context;
  private final ResponseText before;
  private final long length;
  private boolean begun;
  private long sent;

  private LiteralWriter(CommandContext context, ResponseText before, long length) {
    this.context = context;
    this.before = before;
    this.length = length;
  }

  /**
   * Announces the literal and sends the pieces. Writes nothing before the first piece is there.
   * When the pieces fail later or end early it aborts the connection: the client waits for octets
   * that can't be read.
   *
   * @param before what stands before the literal
   * @param length octets of all pieces together
   */
  static Uni<Void> send(
      CommandContext context, ResponseText before, long length, Multi<Buffer> pieces) {
    var literal = new LiteralWriter(context, before, length);
    return pieces
        .onItem()
        .transformToUniAndConcatenate(literal::piece)
        .onItem()
        .ignoreAsUni()
        .invoke(literal::end)
        .onFailure()
        .invoke(literal::fail);
  }

  private void begin() {
    if (!begun) {
      begun = true;
      context.reply().write(before.literalOf(length));
      context.reply().amidLiteral(true);
    }
  }

  private Uni<Void> piece(Buffer piece) {
    begin();
    sent += piece.length();
    context.reply().write(piece);
    return context.reply().room();
  }

  private void end() {
    if (sent != length) {
      throw new IllegalStateException("a literal of " + length + " octets had " + sent);
    }
    begin();
    context.reply().amidLiteral(false);
  }

  private void fail() {
    if (begun) {
      context.abort();
    }
  }
}
