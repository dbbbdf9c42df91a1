package io.postern.clients;

import io.postern.embedded.FreePorts;
import io.postern.wire.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Debian's Dovecot with one user, whose mail is a Maildir; at free ports of the loopback. */
final class Dovecot implements AutoCloseable {
  static final String USER = "source@example.test";
  static final String PASSWORD = "se\"cr\\et";

  private final Path root;
  private final int imap = FreePorts.one();
  private final int imaps = FreePorts.one();
  private final DovecotProcess process;

  /**
   * Starts it.
   *
   * @param root a directory with a short path: it holds sockets; the mail is in {@code mail} in it
   */
  Dovecot(Path root) throws IOException, InterruptedException {
    this.root = root;
    var made = Certificates.made("localhost");
    Files.writeString(certificate(), made.certificate().toString());
    Files.writeString(root.resolve("key.pem"), made.key().toString());
    Files.writeString(root.resolve("users"), USER + ":{PLAIN}" + PASSWORD + "\n");
    DovecotProcess.own(root.resolve("mail"));
    process = new DovecotProcess(root, settings(), imap);
  }

  private String settings() {
    return """
    listen = 127.0.0.1
    protocols = imap
    ssl = yes
    ssl_cert = <%1$s/cert.pem
    ssl_key = <%1$s/key.pem
    disable_plaintext_auth = no
    passdb {
      driver = passwd-file
      args = username_format=%%u %1$s/users
    }
    userdb {
      driver = static
      args = uid=nobody gid=nogroup home=%1$s/home
    }
    mail_location = maildir:%1$s/mail:INDEX=MEMORY
    first_valid_uid = 1
    first_valid_gid = 1
    service imap-login {
      chroot =
      inet_listener imap {
        port = %2$d
      }
      inet_listener imaps {
        port = %3$d
        ssl = yes
      }
    }
    service anvil {
      chroot =
    }
    """
        .formatted(root, imap, imaps);
  }

  Path certificate() {
    return root.resolve("cert.pem");
  }

  int imap() {
    return imap;
  }

  int imaps() {
    return imaps;
  }

  @Override
  public void close() {
    process.close();
  }
}
