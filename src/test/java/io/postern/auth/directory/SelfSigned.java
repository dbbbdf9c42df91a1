package io.postern.auth.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.util.ssl.cert.ManageCertificates;
import java.nio.file.Path;

/** Makes a self-signed certificate with an RSA key, in a key store and as PEM. */
final class SelfSigned {
  static final String PASSWORD = "secret";

  private SelfSigned() {}

  /** Writes {@code keys.p12}, {@code cert.pem} and {@code key.pem} to the directory. */
  static void make(Path directory, String host) {
    var store = directory.resolve("keys.p12").toString();
    run(
        "generate-self-signed-certificate",
        "--keystore",
        store,
        "--keystore-password",
        PASSWORD,
        "--keystore-type",
        "PKCS12",
        "--alias",
        "server",
        "--subject-dn",
        "CN=" + host,
        "--subject-alternative-name-dns",
        host);
    export("export-certificate", store, directory.resolve("cert.pem"));
    export("export-private-key", store, directory.resolve("key.pem"));
  }

  private static void export(String what, String store, Path file) {
    run(
        what,
        "--keystore",
        store,
        "--keystore-password",
        PASSWORD,
        "--alias",
        "server",
        "--output-format",
        "PEM",
        "--output-file",
        file.toString());
  }

  private static void run(String... arguments) {
    assertThat(ManageCertificates.main(null, null, null, arguments).getName()).isEqualTo("success");
  }
}
