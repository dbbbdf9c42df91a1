package io.postern.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A bundled server that ended is started again, and not for ever. */
class SupervisorTest {
  private static final class Fake implements Supervisor.Server {
    private final String name = UUID.randomUUID().toString();
    private boolean alive = true;
    private boolean starts = true;
    private int restarts;

    @Override
    public String name() {
      return name;
    }

    @Override
    public boolean isAlive() {
      return alive;
    }

    @Override
    public void restart() throws IOException {
      restarts++;
      if (!starts) {
        throw new IOException("it does not start");
      }
      alive = true;
    }

    private String state() {
      return System.getProperty("io.postern.embedded.state." + name);
    }
  }

  private final Fake server = new Fake();
  private final Supervisor supervisor = new Supervisor(server);
  private long now = -7;

  private void checkAfter(Duration passed) throws InterruptedException {
    now += passed.toNanos();
    supervisor.check(now);
  }

  @Test
  void aRunningServerIsNotRestarted() throws Exception {
    checkAfter(Duration.ZERO);
    checkAfter(Duration.ofDays(1));
    assertThat(server.restarts).isZero();
    assertThat(server.state()).isEqualTo("running");
  }

  @Test
  void aStoppedServerIsRestartedAtOnce() throws Exception {
    server.alive = false;
    checkAfter(Duration.ZERO);
    assertThat(server.restarts).isEqualTo(1);
    assertThat(server.state()).isEqualTo("running");
  }

  @Test
  void triesAreSpacedAndBounded() throws Exception {
    server.alive = false;
    server.starts = false;
    checkAfter(Duration.ZERO);
    assertThat(server.state()).isEqualTo("restarting, try 1 of 10");
    for (int tries = 1; tries < Supervisor.MAX_TRIES; tries++) {
      checkAfter(Supervisor.delayAfter(tries).minusNanos(1));
      assertThat(server.restarts).isEqualTo(tries);
      checkAfter(Duration.ofNanos(1));
      assertThat(server.restarts).isEqualTo(tries + 1);
    }
    checkAfter(Duration.ofDays(1));
    assertThat(server.restarts).isEqualTo(Supervisor.MAX_TRIES);
    assertThat(server.state()).isEqualTo("given up after 10 tries");
  }

  @Test
  void delaysDoubleUpToTheLongest() {
    assertThat(Supervisor.delayAfter(1)).isEqualTo(Supervisor.FIRST_DELAY);
    assertThat(Supervisor.delayAfter(2)).isEqualTo(Supervisor.FIRST_DELAY.multipliedBy(2));
    assertThat(Supervisor.delayAfter(6)).isEqualTo(Supervisor.FIRST_DELAY.multipliedBy(32));
    assertThat(Supervisor.delayAfter(7)).isEqualTo(Supervisor.LONGEST_DELAY);
    assertThat(Supervisor.delayAfter(Supervisor.MAX_TRIES)).isEqualTo(Supervisor.LONGEST_DELAY);
  }

  @Test
  void aServerThatStopsSoonAfterEachStartIsGivenUp() throws Exception {
    for (int tries = 1; tries <= Supervisor.MAX_TRIES + 1; tries++) {
      server.alive = false;
      checkAfter(Supervisor.STABLE.minusNanos(1));
    }
    assertThat(server.restarts).isEqualTo(Supervisor.MAX_TRIES);
    assertThat(server.state()).isEqualTo("given up after 10 tries");
  }

  @Test
  void aStableServerResetsTheTries() throws Exception {
    for (int ends = 1; ends <= 2 * Supervisor.MAX_TRIES; ends++) {
      server.alive = false;
      checkAfter(Duration.ZERO);
      assertThat(server.restarts).isEqualTo(ends);
      checkAfter(Supervisor.STABLE);
    }
  }
}
