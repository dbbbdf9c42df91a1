package io.postern.imap.command;

import io.postern.imap.grammar.ResponseText;
import io.postern.imap.session.Turn;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;

/** Sends octets as a literal, as fast as the client takes them. */
final class LiteralOut {
  private final Turn turn;
  private final ResponseText before;
  private final long length;
  private boolean begun;
  private long sent;

  private LiteralOut(Turn turn, ResponseText before, long length) {
    this.turn = turn;
    this.before = before;
    this.length = length;
  }

  /**
   * Announces the literal and sends the pieces. Nothing is written before the first piece is there.
   * When they fail later or end early the connection is broken off: the client waits for octets
   * that nobody has.
   *
   * @param before what stands before the literal
   * @param length octets of all pieces together
   */
  static Uni<Void> send(Turn turn, ResponseText before, long length, Multi<Buffer> pieces) {
    var literal = new LiteralOut(turn, before, length);
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
      turn.reply().write(before.literalOf(length));
      turn.reply().amidLiteral(true);
    }
  }

  private Uni<Void> piece(Buffer piece) {
    begin();
    sent += piece.length();
    turn.reply().write(piece);
    return turn.reply().room();
  }

  private void end() {
    if (sent != length) {
      throw new IllegalStateException("a literal of " + length + " octets had " + sent);
    }
    begin();
    turn.reply().amidLiteral(false);
  }

  private void fail() {
    if (begun) {
      turn.breakOff();
    }
  }
}
