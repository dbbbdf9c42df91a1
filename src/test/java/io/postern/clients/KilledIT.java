package io.postern.clients;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.postern.embedded.FreePorts;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server killed during APPENDs has every acknowledged message, once, after its restart. */
@Tag("clients")
@Timeout(600)
class KilledIT {
  @BeforeAll
  static void ofASingleNode() {
    assumeFalse(
        ServerUnderTest.FRONT, "kills the node that stores the mail; two sites: KilledSitesIT");
  }

  @Test
  void aQuitDeletesAllOrNothing(@TempDir Path directory) throws Exception {
    List<Integer> ports = FreePorts.many(SingleNode.PORTS);
    var start = String.join(" ", SingleNode.commandOf(directory.resolve("data"), ports));
    var log = directory.resolve("server.log").toString();
    Program.run("pop3_killed.py", ports, "--start", start, "--log", log);
  }

  @Test
  void nothingAcknowledgedIsLost(@TempDir Path directory) throws Exception {
    List<Integer> ports = FreePorts.many(SingleNode.PORTS);
    var start = String.join(" ", SingleNode.commandOf(directory.resolve("data"), ports));
    var log = directory.resolve("server.log").toString();
    Program.run("killed.py", ports, "--start", start, "--log", log);
  }
}
