package io.postern.imap.command;

import io.postern.imap.grammar.ResponseText;
import io.postern.imap.session.Turn;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;

/** Sends octets as a literal, as fast as the client takes them. */
final class LiteralOut {
  private final Turn turn;
  private final long length;
  private long sent;

  private LiteralOut(Turn turn, long length) {
    this.turn = turn;
    this.length = length;
  }

  /**
   * Announces the literal and sends the pieces. When they fail or end early the connection is
   * closed: the client waits for octets that nobody has.
   *
   * @param length octets of all pieces together
   */
  static Uni<Void> send(Turn turn, long length, Multi<Buffer> pieces) {
    var literal = new LiteralOut(turn, length);
    turn.reply().write(new ResponseText().literalOf(length));
    return pieces
        .onItem()
        .transformToUniAndConcatenate(literal::piece)
        .onItem()
        .ignoreAsUni()
        .invoke(literal::check)
        .onFailure()
        .invoke(turn::breakOff);
  }

  private Uni<Void> piece(Buffer piece) {
    sent += piece.length();
    turn.reply().write(piece);
    return turn.reply().room();
  }

  private void check() {
    if (sent != length) {
      throw new IllegalStateException("a literal of " + length + " octets had " + sent);
    }
  }
}
