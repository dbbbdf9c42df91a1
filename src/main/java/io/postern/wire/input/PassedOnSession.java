package io.postern.wire.input;

import io.postern.wire.CloseReason;
import io.postern.wire.LiteralPlan;
import io.postern.wire.Protocol;
import io.postern.wire.Request;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;

/** In place of the session of a client that is connected with another server: says the farewell. */
record PassedOnSession(Protocol protocol) implements Protocol.Session {
  @Override
  public void opened() {
    throw unexpected();
  }

  @Override
  public Uni<LiteralPlan> literal(Request.Head head) {
    throw unexpected();
  }

  @Override
  public Uni<Void> command(Request request) {
    throw unexpected();
  }

  @Override
  public void lineTooLong(int limit, Request start) {
    throw unexpected();
  }

  private static IllegalStateException unexpected() {
    return new IllegalStateException("the client is connected with another server");
  }

  @Override
  public Buffer farewell(CloseReason reason) {
    return protocol.farewell(reason);
  }

  @Override
  public void closed(CloseReason reason) {}
}
