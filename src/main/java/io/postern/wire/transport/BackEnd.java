package io.postern.wire.transport;

import io.postern.model.MailProtocol;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/** What a listener needs on which other sites pass on connections. */
public interface BackEnd {
  /** The name of this site. */
  String site();

  /**
   * The site whose certificate the peer has shown; empty when it is that of no known site, which is
   * counted.
   */
  Optional<String> front(SSLSession session);

  /** A handshake failed: counts what was wrong with the peer's certificate, if it was that. */
  void handshakeFailed(MailProtocol protocol, Throwable failure);
}
