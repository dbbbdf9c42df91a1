package io.postern.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Ports that are chosen before their server listens. */
class PortsTest {
  @Test
  void noPortIsOneThatTheSystemGivesToConnections() throws IOException {
    int ephemeral;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ephemeral = socket.getLocalPort();
    }
    assertThat(ephemeral).isGreaterThanOrEqualTo(30_000);
    var seen = new HashSet<Integer>();
    for (int i = 0; i < 100; i++) {
      int port = Ports.free();
      assertThat(port).isBetween(20_000, 29_999);
      assertThat(seen.add(port)).as("port %d is given once", port).isTrue();
    }
  }

  /** They choose their ports at each start, and the script keeps its own. */
  @Test
  void thoseOfTheTwoSitesScriptAreGivenToNoEmbeddedServer() throws IOException {
    var script = Files.readString(Path.of("src/test/sites/two-sites.sh"));
    var first = Pattern.compile("FIRST=\\$\\{SITES_PORT:-(\\d+)}").matcher(script);
    assertThat(first.find()).isTrue();
    assertThat(Integer.parseInt(first.group(1)) + 4_000).isLessThanOrEqualTo(20_000);
  }

  @Test
  void aPortInUseIsPassedOver() throws IOException {
    int before = Ports.free();
    try (var taken = new ServerSocket(before == 29_999 ? 20_000 : before + 1, 1, loopback())) {
      assertThat(Ports.free()).isNotEqualTo(taken.getLocalPort());
    }
  }

  private static InetAddress loopback() {
    return InetAddress.getLoopbackAddress();
  }
}
