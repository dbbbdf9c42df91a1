package io.postern.clients;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real mail clients, and many or slow ones, on the packaged server with 256 MB of heap. */
@Tag("clients")
@Timeout(900)
class ClientsIT {
  private static @Nullable ServerUnderTest node;

  @BeforeAll
  static void start(@TempDir Path data) throws Exception {
    node = ServerUnderTest.start(data);
  }

  @AfterAll
  static void stop() {
    node().close();
  }

  private static ServerUnderTest node() {
    return Objects.requireNonNull(node);
  }

  private static void run(String name, String... more) throws Exception {
    Program.run(name, node().ports(), more);
  }

  @Test
  void imaplib() throws Exception {
    run("imaplib_story.py");
  }

  @Test
  void curl() throws Exception {
    run("curl_story.py");
  }

  @Test
  void mbsync() throws Exception {
    run("mbsync_story.py");
  }

  @Test
  void mbsyncOverTls() throws Exception {
    run("mbsync_story.py", "--tls", "STARTTLS");
  }

  @Test
  void neomutt() throws Exception {
    run("neomutt_story.py");
  }

  @Test
  void interimap() throws Exception {
    run("interimap_story.py");
  }

  @Test
  void offlineimap() throws Exception {
    run("offlineimap_story.py");
  }

  @Test
  void imapClientOfPerl() throws Exception {
    run("imapclient_story.py");
  }

  @Test
  void imapflow() throws Exception {
    run("imapflow_story.py");
  }

  @Test
  void lmtp() throws Exception {
    run("lmtp_story.py");
  }

  @Test
  void poplib() throws Exception {
    run("poplib_story.py");
  }

  @Test
  void curlByPop3() throws Exception {
    run("pop3_curl_story.py");
  }

  @Test
  void fetchmail() throws Exception {
    run("fetchmail_story.py");
  }

  @Test
  void aThousandMessages() throws Exception {
    run("bulk.py", "--pid", Long.toString(node().pid()));
  }

  @Test
  void aSlowReader() throws Exception {
    run("slow_reader.py", "--pid", Long.toString(node().pid()));
  }

  @Test
  void clientsThatVanishAndShareAMailbox() throws Exception {
    run("rough_story.py");
  }

  @Test
  void stalledClients() throws Exception {
    run("stalled.py");
  }
}
