package io.postern.site.hop;

import io.postern.cancellation.CancellationToken;
import io.postern.site.SiteMeter.CertificateFault;
import io.postern.wire.Connection;
import io.postern.wire.Connection.Cancellation;
import io.postern.wire.Dialer;
import io.postern.wire.ServerStream;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import javax.net.ssl.SSLSession;

/**
 * One attempt to log a user in at an address of another site. On the context of the client's
 * connection, and it ends with the client.
 */
final class HopAttempt {
  /** Most octets of all answers up to the end of the login. */
  static final int MAX_ANSWERS = 16 * 1024;

  /** The result of an attempt. */
  sealed interface Result {
    /**
     * The site has answered.
     *
     * @param stream the paused connection; closed unless the user is logged in
     * @param rest what came behind the answer
     */
    record Answered(Verdict verdict, ServerStream stream, Buffer rest) implements Result {}

    /** It has not: no connection, no answer in time, or a connection that broke. */
    record Failed(Throwable why) implements Result {}

    /** It has a certificate that is not that of the site, or is not valid any more. */
    record Distrusted(CertificateFault fault) implements Result {}
  }

  private final Connection client;
  private final HopDialogue dialogue;
  private final Buffer opening;
  private final Function<SSLSession, Optional<CertificateFault>> distrust;
  private Buffer received = Buffer.buffer();
  private Optional<ServerStream> stream = Optional.empty();
  private Optional<UniEmitter<? super Result>> emitter = Optional.empty();
  private Optional<Cancellation> deadline = Optional.empty();
  private boolean done;

  /**
   * @param opening what is said
   * @param distrust why a TLS session is not one with the intended site
   */
  HopAttempt(
      Connection client,
      HopDialogue dialogue,
      Buffer opening,
      Function<SSLSession, Optional<CertificateFault>> distrust) {
    this.client = client;
    this.dialogue = dialogue;
    this.opening = opening;
    this.distrust = distrust;
  }

  /**
   * Connects and logs in; fails only when the client has gone.
   *
   * @param connecting how long the connection may take
   * @param whole how long all of it may take
   */
  Uni<Result> run(Dialer dialer, String host, int port, Duration connecting, Duration whole) {
    return CancellationToken.with(
        token ->
            Uni.createFrom()
                .emitter(
                    em -> {
                      emitter = Optional.of(em);
                      var gone = token.onCancel(() -> cancel(em));
                      em.onTermination(gone::remove);
                      begin(dialer, host, port, connecting, whole);
                    }));
  }

  private void begin(Dialer dialer, String host, int port, Duration connecting, Duration whole) {
    var late = client.after(connecting, () -> fail("no connection within " + connecting));
    deadline = Optional.of(late);
    dialer
        .dial(host, port)
        .subscribe()
        .with(opened -> dialed(opened, whole.minus(connecting)), this::failed);
  }

  private void dialed(ServerStream opened, Duration left) {
    if (done) {
      opened.close();
      return;
    }
    deadline.ifPresent(Cancellation::cancel);
    stream = Optional.of(opened);
    var fault = opened.tls().map(distrust).orElse(Optional.of(CertificateFault.UNKNOWN));
    if (fault.isPresent()) {
      end(new Result.Distrusted(fault.get()));
      return;
    }
    deadline = Optional.of(client.after(left, () -> fail("no answer in time")));
    opened.onEnd(_ -> fail("the connection was closed"));
    opened.onOctets(bytes -> arrived(opened, bytes));
    opened.write(opening);
    opened.resume();
  }

  private void arrived(ServerStream opened, Buffer bytes) {
    received.appendBuffer(bytes);
    int from = 0;
    for (int end = lineEnd(from); end >= 0 && !done; end = lineEnd(from)) {
      var line = received.getString(from, end, StandardCharsets.UTF_8.name());
      from = end + 1;
      var verdict =
          dialogue.line(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
      if (verdict.isPresent()) {
        opened.pause();
        var rest = received.getBuffer(from, received.length());
        end(new Result.Answered(verdict.get(), opened, rest));
      }
    }
    if (!done && received.length() > MAX_ANSWERS) {
      fail("the answers have more than " + MAX_ANSWERS + " octets");
    }
    received = received.getBuffer(from, received.length());
  }

  private int lineEnd(int from) {
    for (int i = from; i < received.length(); i++) {
      if (received.getByte(i) == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void fail(String why) {
    failed(new IllegalStateException(why));
  }

  private void failed(Throwable why) {
    end(new Result.Failed(why));
  }

  private void end(Result result) {
    if (done) {
      return;
    }
    done = true;
    deadline.ifPresent(Cancellation::cancel);
    boolean entered =
        result instanceof Result.Answered(Verdict.Entered _, ServerStream _, Buffer _);
    if (!entered) {
      stream.ifPresent(ServerStream::close);
    }
    emitter.ifPresent(it -> it.complete(result));
  }

  private void cancel(UniEmitter<? super Result> waiting) {
    if (!done) {
      done = true;
      stream.ifPresent(ServerStream::close);
      waiting.fail(new CancellationException());
    }
  }
}
