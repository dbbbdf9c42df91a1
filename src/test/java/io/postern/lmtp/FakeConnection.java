package io.postern.lmtp;

import io.postern.wire.CloseReason;
import io.postern.wire.Connection;
import io.postern.wire.LiteralSink;
import io.postern.wire.Outbox;
import io.postern.wire.StreamStage;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/** A connection without a socket: remembers what was sent, gives data that was laid ready. */
final class FakeConnection implements Connection, Outbox {
  Buffer sent = Buffer.buffer();
  Buffer coming = Buffer.buffer();
  String address = "127.0.0.1";
  boolean secure;
  boolean tlsPossible;
  Optional<SSLSession> tls = Optional.empty();
  Duration silence = Duration.ZERO;
  Optional<CloseReason> closed = Optional.empty();

  /** The commands that ended: verb and outcome. */
  final List<String> ended = new ArrayList<>();

  @Override
  public Uni<Long> data(LiteralSink sink, long limit) {
    long taken = Math.min(coming.length(), limit);
    return sink.write(coming.getBuffer(0, (int) taken)).replaceWith((long) coming.length());
  }

  @Override
  public void switchStream(StreamStage stage, Buffer answer) {
    write(answer);
    secure = true;
  }

  @Override
  public void commandEnded(String command, String outcome, long nanos) {
    ended.add(command + " " + outcome);
  }

  @Override
  public void close(CloseReason reason) {
    closed = Optional.of(reason);
  }

  @Override
  public void timeout(Duration length, CloseReason reason) {
    silence = length;
  }

  @Override
  public boolean secure() {
    return secure;
  }

  @Override
  public Optional<SSLSession> tls() {
    return tls;
  }

  @Override
  public boolean canStartTls() {
    return tlsPossible && !secure;
  }

  @Override
  public SocketAddress remote() {
    return SocketAddress.inetSocketAddress(40_000, address);
  }

  @Override
  public SocketAddress local() {
    return SocketAddress.inetSocketAddress(24, "127.0.0.1");
  }

  @Override
  public String id() {
    return "0000000000000001";
  }

  @Override
  public Outbox out() {
    return this;
  }

  @Override
  public Outbox write(Buffer bytes) {
    sent.appendBuffer(bytes);
    return this;
  }

  @Override
  public Outbox write(String latin1) {
    return write(Buffer.buffer(latin1.getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Override
  public void flush() {}

  @Override
  public Uni<Void> room() {
    return Uni.createFrom().voidItem();
  }

  @Override
  public boolean full() {
    return false;
  }

  @Override
  public Context context() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Uni<Buffer> nextLine() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Cancellation after(Duration delay, Runnable task) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void queue(Runnable task) {
    throw new UnsupportedOperationException();
  }
}
