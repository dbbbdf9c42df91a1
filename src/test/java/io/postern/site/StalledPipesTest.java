package io.postern.site;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.Eventually;
import io.postern.embedded.FreePorts;
import io.postern.wire.transport.SocketOutbox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients of a front end that do not read what their home, the east, sends. */
class StalledPipesTest {
  private static final String ALICE = "alice@example.test";
  private static final Duration DAY = Duration.ofDays(1);
  private static final int CLIENTS = 10;
  private static final int MESSAGE = 1024 * 1024;

  /** More of it than the system holds for the connections of a client. */
  private static final int FETCHES = 40;

  /** The most octets of a TLS record, by which the octets of the home arrive. */
  private static final int RECORD = 16 * 1024;

  @TempDir Path scratch;

  private final List<SiteClient> stalled = new ArrayList<>();
  private MemorySite east;
  private MemorySite west;

  @BeforeEach
  void start() throws Exception {
    var issuer = new SiteKeys(scratch, "issuer");
    var directory = new MemoryDirectory();
    var there = FreePorts.many(2);
    var here = FreePorts.many(2);
    var keys = issuer.options("east", "east", DAY);
    east = new MemorySite("east", keys, directory, there, Map.of("west", here)).start();
    keys = issuer.options("west", "west", DAY);
    west = new MemorySite("west", keys, directory, here, Map.of("east", there)).start();
    east.account(ALICE);
  }

  @AfterEach
  void stop() {
    east.close();
    west.close();
  }

  private long held() {
    return west.sessions.output().used();
  }

  @Test
  void whatIsHeldForThemIsBoundedAndCounted() throws Exception {
    try (var client = SiteClient.at(west.imap())) {
      client.login(ALICE);
      var message = "Subject: large\r\n\r\n" + "x".repeat(MESSAGE);
      var append = "APPEND INBOX {" + message.length() + "+}\r\n" + message;
      assertThat(client.say(append)).startsWith("t OK");
      for (int i = 0; i < CLIENTS; i++) {
        stall();
      }
      long each = SocketOutbox.FULL;
      Eventually.holds("none takes more", () -> held() >= CLIENTS * each);
      assertThat(held()).isLessThan(CLIENTS * (each + RECORD));
      assertThat(client.say("NOOP")).startsWith("t OK");
    }
    for (var client : stalled) {
      client.close();
    }
    Eventually.holds("all is given back", () -> held() == 0);
    Eventually.holds("at home, too", () -> east.sessions.output().used() == 0);
  }

  private void stall() throws Exception {
    var client = SiteClient.at(west.imap());
    stalled.add(client);
    client.login(ALICE);
    client.say("SELECT INBOX");
    client.send("f FETCH 1 BODY.PEEK[]\r\n".repeat(FETCHES).strip());
  }
}
