package io.postern.probe;

import io.postern.model.MailProtocol;
import io.postern.probe.ConnectivityTest.Credential;
import io.postern.probe.ConnectivityTest.Depth;
import io.postern.probe.ConnectivityTest.Encryption;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.regex.Pattern;

/** Runs tests. Each blocks its thread until it is done, at most for its time. */
public final class ConnectivityTests {
  private static final Logger LOG = System.getLogger(ConnectivityTests.class.getName());

  /** What RCPT can name without an extension (RFC 5321 §4.1.2), roughly. */
  private static final Pattern ADDRESS = Pattern.compile("[!-;=?-~]{1,254}");

  private final Targets targets;

  public ConnectivityTests(Targets targets) {
    this.targets = targets;
  }

  /** The listeners of this server. */
  public Targets targets() {
    return targets;
  }

  /** Runs a test; what goes wrong is in its result. */
  public ConnectivityResult run(ConnectivityTest test) {
    var steps = new Steps();
    long end = System.nanoTime() + test.timeout().toNanos();
    try {
      switch (test.protocol()) {
        case IMAP -> imap(test, steps, end);
        case POP3 -> pop3(test, steps, end);
        case LMTP -> throw new IllegalArgumentException("LMTP has no connectivity test");
      }
    } catch (IOException e) {
      // The failed step is recorded.
      LOG.log(Level.DEBUG, "A connectivity test failed", e);
    }
    return steps.result();
  }

  private static void imap(ConnectivityTest test, Steps steps, long end) throws IOException {
    try (var connection = new ProbeConnection(test.perConnection(), end)) {
      connect(test, connection, steps);
      new ImapDialogue(test, connection, steps).run();
    }
  }

  private void pop3(ConnectivityTest test, Steps steps, long end) throws IOException {
    var message =
        test.depth() == Depth.MESSAGE ? delivered(test, steps, end) : List.<TestMessage>of();
    try (var connection = new ProbeConnection(test.perConnection(), end)) {
      connect(test, connection, steps);
      new Pop3Dialogue(test, connection, steps).run(message);
    }
  }

  private static void connect(ConnectivityTest test, ProbeConnection connection, Steps steps)
      throws IOException {
    steps.run("connect", () -> connection.connect(test.target()));
    if (test.encryption() == Encryption.SSL) {
      steps.run("tls", () -> connection.startTls(test.certificate()));
    }
  }

  /** POP3 cannot add a message: it is delivered, where this server accepts mail. */
  private List<TestMessage> delivered(ConnectivityTest test, Steps steps, long end)
      throws IOException {
    var lmtp = targets.of(MailProtocol.LMTP).stream().findFirst();
    var user =
        test.credential().map(Credential::user).filter(ADDRESS.asMatchPredicate()).orElse("");
    if (lmtp.isEmpty() || user.isEmpty()) {
      steps.skip(
          "deliver", lmtp.isEmpty() ? "LMTP is not enabled here" : "the user is no ASCII address");
      return List.of();
    }
    var message = TestMessage.to(user);
    try (var connection = new ProbeConnection(test.perConnection(), end)) {
      steps.run(
          "deliver",
          () -> {
            connection.connect(lmtp.get());
            new LmtpDelivery(connection).deliver(user, message);
          });
    }
    return List.of(message);
  }
}
