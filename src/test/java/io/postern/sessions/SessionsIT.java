package io.postern.sessions;

import io.postern.clients.SingleNode;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every script on the packaged server. */
@Tag("clients")
class SessionsIT {
  private static @Nullable SingleNode node;

  @BeforeAll
  static void start(@TempDir Path data) throws Exception {
    node = SingleNode.start(data);
  }

  @AfterAll
  static void stop() {
    Objects.requireNonNull(node).close();
  }

  @TestFactory
  Stream<DynamicTest> scripts() {
    return Scripts.tests(new Packaged(Objects.requireNonNull(node)));
  }

  private record Packaged(SingleNode node, AtomicInteger next) implements Target {
    Packaged(SingleNode node) {
      this(node, new AtomicInteger());
    }

    @Override
    public String host() {
      return "127.0.0.1";
    }

    @Override
    public int imapPort() {
      return node.imap();
    }

    @Override
    public int pop3Port() {
      return node.pop3();
    }

    @Override
    public int lmtpPort() {
      return node.lmtp();
    }

    @Override
    public Login account() {
      return new Login("u" + next.getAndIncrement() + "@example.test", "secret");
    }

    @Override
    public void close() {
      node.close();
    }
  }
}
