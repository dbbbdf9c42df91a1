package io.postern.admin;

import io.postern.admin.security.ValidationErrors;
import io.postern.probe.ConnectivityTest.CertificateCheck;
import io.postern.probe.ConnectivityTest.Credential;
import io.postern.probe.ConnectivityTest.Depth;
import io.postern.probe.ConnectivityTest.Encryption;
import io.postern.store.account.Secret;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a connectivity test, those of Exchange's Test-ImapConnectivity.
 *
 * @param connectionType plaintext, ssl or tls
 * @param lightMode whether only the login is tested
 * @param perConnectionTimeout the longest time of a step in seconds
 * @param timeout the longest time of the test in seconds
 * @param port of the listener
 * @param trustAnySSLCertificate whether the server's certificate is not verified
 * @param serverName the name in the certificate
 * @param mailboxCredential who logs in; without it only the capabilities are tested
 */
public record ConnectivityTestRequest(
    @Schema(
            enumeration = {"plaintext", "ssl", "tls"},
            description = "Default tls: STARTTLS or STLS")
        @Nullable String connectionType,
    @Schema(description = "Only log in: add and remove no message. Default false")
        @Nullable Boolean lightMode,
    @Schema(description = "Seconds for one step, 1 to 120; default 120")
        @Nullable Integer perConnectionTimeout,
    @Schema(description = "Seconds for all steps, 1 to 3600; default 180")
        @Nullable Integer timeout,
    @Schema(description = "Of a listener of this server; default: the first of the type")
        @Nullable Integer port,
    @Schema(description = "Do not verify the certificate. Default false")
        @Nullable Boolean trustAnySSLCertificate,
    @Schema(description = "The name that the certificate must have; default: any")
        @Nullable String serverName,
    @Schema(description = "Who logs in; without it only the capabilities are read")
        @Nullable MailboxCredential mailboxCredential) {
  /**
   * Who logs in.
   *
   * @param user the login name
   * @param password its password
   */
  public record MailboxCredential(
      @Schema(required = true) @Nullable String user,
      @Schema(required = true, implementation = String.class, format = "password")
          @Nullable Secret password) {}

  static final ConnectivityTestRequest NONE =
      new ConnectivityTestRequest(null, null, null, null, null, null, null, null);

  private static final int MAX_STEP = 120;
  private static final int MAX_TIME = 3_600;
  private static final int DEFAULT_TIME = 180;
  private static final int MAX_PORT = 65_535;
  private static final int MAX_PASSWORD = 1_024;

  /**
   * Checks all values.
   *
   * @throws io.postern.admin.security.ProblemException with all errors
   */
  void validate() {
    var errors = new ValidationErrors();
    if (connectionType != null && type(connectionType).isEmpty()) {
      errors.add("connectionType", connectionType, "plaintext, ssl or tls");
    }
    within(errors, "perConnectionTimeout", perConnectionTimeout, MAX_STEP);
    within(errors, "timeout", timeout, MAX_TIME);
    within(errors, "port", port, MAX_PORT);
    if (serverName != null && !serverName.matches("[A-Za-z0-9.-]{1,253}")) {
      errors.add("serverName", serverName, "a host name");
    }
    if (mailboxCredential != null) {
      errors.text(
          "mailboxCredential.user",
          mailboxCredential.user(),
          it -> it.matches("\\P{Cntrl}{1,320}"),
          "a login name of 1 to 320 characters");
      errors.secret("mailboxCredential.password", mailboxCredential.password(), 1, MAX_PASSWORD);
    }
    errors.throwIfAny();
  }

  private static void within(
      ValidationErrors errors, String field, @Nullable Integer value, int most) {
    if (value != null && (value < 1 || value > most)) {
      errors.add(field, Integer.toString(value), "1 to " + most);
    }
  }

  private static Optional<Encryption> type(String text) {
    return Arrays.stream(Encryption.values())
        .filter(it -> it != Encryption.TLS_IF_ANNOUNCED)
        .filter(it -> it.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst();
  }

  Encryption encryption() {
    return Optional.ofNullable(connectionType)
        .flatMap(ConnectivityTestRequest::type)
        .orElse(Encryption.TLS);
  }

  Depth depth() {
    if (mailboxCredential == null) {
      return Depth.GREETING;
    }
    return Boolean.TRUE.equals(lightMode) ? Depth.LOGON : Depth.MESSAGE;
  }

  CertificateCheck certificate() {
    return new CertificateCheck(
        Boolean.TRUE.equals(trustAnySSLCertificate), Optional.ofNullable(serverName));
  }

  Optional<Credential> credential() {
    return Optional.ofNullable(mailboxCredential)
        .map(
            it ->
                new Credential(
                    Objects.requireNonNull(it.user()), Objects.requireNonNull(it.password())));
  }

  Duration perStep() {
    return Duration.ofSeconds(Objects.requireNonNullElse(perConnectionTimeout, MAX_STEP));
  }

  Duration whole() {
    return Duration.ofSeconds(Objects.requireNonNullElse(timeout, DEFAULT_TIME));
  }
}
