package io.postern.clients;

import java.nio.file.Path;
import java.util.List;

/** The package as clients see it: its ports, and the process that they are connected to. */
public interface ServerUnderTest extends AutoCloseable {
  /** Whether clients connect to another site than that of their mailboxes. */
  boolean FRONT = Boolean.getBoolean("clients.front");

  /**
   * Starts it and waits until it listens: a single node, or with {@code -Dclients.front=true} two
   * sites.
   *
   * @param data where it keeps everything
   * @param settings {@code -Dkey=value}, more than it needs to be reached
   */
  static ServerUnderTest start(Path data, String... settings) throws Exception {
    return FRONT ? FrontAndHome.start(data, settings) : SingleNode.start(data, settings);
  }

  /** IMAP, IMAPS, LMTP, POP3, POP3S, and others: in this order. */
  List<Integer> ports();

  /** The process that clients are connected to. */
  long pid();

  /** IMAP, clear text with STARTTLS. */
  default int imap() {
    return ports().get(0);
  }

  /** IMAP over TLS. */
  default int imaps() {
    return ports().get(1);
  }

  /** LMTP. */
  default int lmtp() {
    return ports().get(2);
  }

  /** POP3, clear text with STLS. */
  default int pop3() {
    return ports().get(3);
  }

  @Override
  void close();
}
