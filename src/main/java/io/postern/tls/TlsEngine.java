package io.postern.tls;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.OpenSslSession;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** The implementation of TLS that performs the handshakes of a listener. */
public enum TlsEngine {
  /** JSSE, the JDK's own. */
  JDK,
  /** BoringSSL, a fork of OpenSSL, through netty-tcnative. */
  OPENSSL;

  /** Why OpenSSL cannot be used by this process; empty when it can. Loads it at the first call. */
  public static Optional<String> openSslProblem() {
    if (OpenSsl.isAvailable()) {
      return Optional.empty();
    }
    return Optional.of(
        Optional.ofNullable(OpenSsl.unavailabilityCause())
            .map(cause -> Optional.ofNullable(cause.getMessage()).orElse(cause.toString()))
            .orElse("the library is not part of this package"));
  }

  /** Whether this engine performed the session's handshake. */
  public boolean performed(@Nullable SSLSession session) {
    return (session instanceof OpenSslSession) == (this == OPENSSL);
  }
}
