package io.postern.probe;

import io.postern.model.MailProtocol;
import io.postern.probe.Targets.Target;
import io.postern.store.account.Secret;
import java.time.Duration;
import java.util.Optional;

/**
 * What is tested, and how.
 *
 * @param protocol IMAP or POP3
 * @param target where to connect to
 * @param encryption how the connection is protected
 * @param depth how much is tried
 * @param certificate how the server's certificate is verified
 * @param credential who logs in; needed for all depths but {@link Depth#GREETING}
 * @param perConnection the longest time that one step may take
 * @param timeout the longest time of all steps
 */
public record ConnectivityTest(
    MailProtocol protocol,
    Target target,
    Encryption encryption,
    Depth depth,
    CertificateCheck certificate,
    Optional<Credential> credential,
    Duration perConnection,
    Duration timeout) {
  /** How a connection is protected. Exchange: ConnectionType. */
  public enum Encryption {
    /** Clear text. */
    PLAINTEXT,
    /** TLS from the first octet. */
    SSL,
    /** STARTTLS or STLS. */
    TLS,
    /** STARTTLS or STLS if the server announces it, else clear text. */
    TLS_IF_ANNOUNCED
  }

  /** How much is tried. */
  public enum Depth {
    /** The greeting and the capabilities, without login. */
    GREETING,
    /** And a login. Exchange: LightMode. */
    LOGON,
    /** And a message is read, if there is one. */
    READ,
    /** And a message is added, found, compared and removed. */
    MESSAGE
  }

  /**
   * How a certificate is verified.
   *
   * @param trustAny whether any is accepted. Exchange: TrustAnySSLCertificate
   * @param serverName the name that it must have; any when empty
   */
  public record CertificateCheck(boolean trustAny, Optional<String> serverName) {
    /** Accepts any certificate. */
    public static final CertificateCheck NONE = new CertificateCheck(true, Optional.empty());
  }

  /**
   * Who logs in. Exchange: MailboxCredential.
   *
   * @param user the login name
   */
  public record Credential(String user, Secret password) {}
}
