package io.postern.wire.stream;

import io.vertx.core.Future;

/** Begins to compress in both directions; the peer takes part without an exchange (RFC 4978 §3). */
final class DeflateInsertion implements StageInsertion {
  private final Runnable begin;
  private boolean active;

  /**
   * @param begin has the connection compress from now on
   */
  DeflateInsertion(Runnable begin) {
    this.begin = begin;
  }

  @Override
  public Future<Void> insert() {
    begin.run();
    active = true;
    return Future.succeededFuture();
  }

  @Override
  public boolean isActive() {
    return active;
  }
}
