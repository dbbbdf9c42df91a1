package io.postern.clients;

import io.postern.embedded.FreePorts;
import io.postern.wire.Certificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Debian's Dovecot with one user, whose mail is a Maildir; at free ports of the loopback. */
final class Dovecot implements AutoCloseable {
  static final String USER = "source@example.test";
  static final String PASSWORD = "se\"cr\\et";
  private static final Path PROGRAM = Path.of("/usr/sbin/dovecot");

  private final Path root;
  private final int imap = FreePorts.one();
  private final int imaps = FreePorts.one();
  private final Process process;

  static boolean isInstalled() {
    return Files.isExecutable(PROGRAM);
  }

  /**
   * Starts it.
   *
   * @param root a directory with a short path: it holds sockets; the mail is in {@code mail} in it
   */
  Dovecot(Path root) throws IOException, InterruptedException {
    this.root = root;
    // Its processes have users of their own.
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    var made = Certificates.made("localhost");
    Files.writeString(certificate(), made.certificate().toString());
    Files.writeString(root.resolve("key.pem"), made.key().toString());
    Files.writeString(root.resolve("users"), USER + ":{PLAIN}" + PASSWORD + "\n");
    Files.writeString(root.resolve("dovecot.conf"), settings());
    run("chown", "-R", "nobody:nogroup", root.resolve("mail").toString());
    process =
        new ProcessBuilder(PROGRAM.toString(), "-F", "-c", root.resolve("dovecot.conf").toString())
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("output").toFile())
            .start();
    awaitPort();
  }

  private static void run(String... command) throws IOException, InterruptedException {
    var ran = new ProcessBuilder(command).inheritIO().start();
    if (ran.waitFor() != 0) {
      throw new IOException("failed: " + List.of(command));
    }
  }

  private String settings() {
    return """
    base_dir = %1$s/run
    state_dir = %1$s/run
    log_path = %1$s/log
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

  private void awaitPort() throws IOException {
    var deadline = Instant.now().plus(Duration.ofSeconds(60));
    while (true) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), imap), 1_000);
        return;
      } catch (IOException e) {
        if (!process.isAlive() || Instant.now().isAfter(deadline)) {
          throw new IOException(Files.readString(root.resolve("output")), e);
        }
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    }
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
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
