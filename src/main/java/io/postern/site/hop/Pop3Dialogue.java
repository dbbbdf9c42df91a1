package io.postern.site.hop;

import io.postern.site.XClient;
import io.postern.wire.HandOver;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** XCLIENT, in the words of Dovecot, and AUTH EXTERNAL (RFC 5034). */
final class Pop3Dialogue implements HopDialogue {
  private enum Awaited {
    GREETING,
    HAND_OVER,
    LOGIN
  }

  private Awaited awaited = Awaited.GREETING;

  @Override
  public Buffer opening(HandOver handOver, String account) {
    var identity = Base64.getEncoder().encodeToString(account.getBytes(StandardCharsets.UTF_8));
    return Buffer.buffer(XClient.write(handOver) + "\r\nAUTH EXTERNAL " + identity + "\r\n");
  }

  @Override
  public Optional<Verdict> line(String line) {
    boolean ok = HopDialogue.begins(line, "+OK");
    return switch (awaited) {
      case GREETING -> {
        awaited = Awaited.HAND_OVER;
        yield ok ? Optional.empty() : Optional.of(new Verdict.Unavailable(line));
      }
      case HAND_OVER -> {
        awaited = Awaited.LOGIN;
        yield ok ? Optional.empty() : Optional.of(new Verdict.Misconfigured(line));
      }
      case LOGIN ->
          Optional.of(
              ok
                  ? new Verdict.Entered(line)
                  : line.startsWith("-ERR ")
                      ? HopDialogue.refused(line.substring(5))
                      : new Verdict.Misconfigured(line));
    };
  }
}
