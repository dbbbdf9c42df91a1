package io.postern.imap.extension;

import io.postern.imap.session.Command;
import io.postern.imap.session.Extension;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.State;
import io.postern.imap.session.Terms;
import io.postern.imap.session.Turn;
import io.postern.imap.session.Verb;
import io.postern.imap.session.View;
import io.postern.wire.Connection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** IDLE (RFC 2177): a running command that ends at DONE. */
public final class Idle implements Extension {
  @Override
  public int rfc() {
    return 2177;
  }

  /** Before login, too: Outlook looks for it there only. */
  @Override
  public List<String> capabilities(Terms terms) {
    return List.of("IDLE");
  }

  @Override
  public List<Verb> verbs() {
    return List.of(
        Verb.of(
            "IDLE",
            in -> {
              in.end();
              return new Wait();
            }));
  }

  /** Idles, with a mailbox selected or not. */
  private record Wait() implements Command.Anytime {
    @Override
    public Uni<Outcome> run(Turn turn, State state) {
      return switch (state) {
        case State.NotAuthenticated() -> Outcome.bad("LOGIN or AUTHENTICATE first.").now();
        case State.LoggedOut() -> Outcome.bad("The session is over.").now();
        case State.Authenticated(_) -> idle(new Idling(turn, Optional.empty()));
        case State.Selected(_, var view) -> idle(new Idling(turn, Optional.of(view)));
      };
    }

    private static Uni<Outcome> idle(Idling idling) {
      return Uni.createFrom().emitter(emitter -> idling.start(emitter::complete));
    }
  }

  /** One IDLE from its plus to its DONE; all of it on the connection's context. */
  private static final class Idling {
    private static final System.Logger LOG = System.getLogger(Idle.class.getName());

    private final Turn turn;
    private final Optional<View> view;
    private Consumer<Outcome> finished = outcome -> {};
    private Optional<Connection.Cancellation> heartbeat = Optional.empty();
    private Optional<Outcome> outcome = Optional.empty();
    private boolean telling;
    private boolean again;

    Idling(Turn turn, Optional<View> view) {
      this.turn = turn;
      this.view = view;
    }

    void start(Consumer<Outcome> whenFinished) {
      finished = whenFinished;
      turn.reply().askOn("idling");
      turn.connection()
          .nextLine()
          .subscribe()
          .with(line -> end(verdict(line)), tooLong -> end(Outcome.bad("Expected DONE.")));
      turn.wakeup().await(() -> tell(false));
      beatLater();
      // Whatever happened between the last look and the wait is found by this one.
      tell(true);
    }

    private static Outcome verdict(Buffer line) {
      return line.toString(StandardCharsets.ISO_8859_1).strip().equalsIgnoreCase("DONE")
          ? Outcome.ok("IDLE completed.")
          : Outcome.bad("Expected DONE.");
    }

    /** One telling at a time; hints that come meanwhile make one more. */
    private void tell(boolean fresh) {
      if (view.isEmpty() || outcome.isPresent()) {
        return;
      }
      if (telling) {
        again = true;
        return;
      }
      telling = true;
      turn.updates()
          .index(view.get(), fresh)
          .chain(index -> turn.updates().tell(view.get(), index, Verb.Tell.ALL, turn.reply()))
          .subscribe()
          .with(_ -> told(), this::untold);
    }

    private void told() {
      turn.reply().flush();
      telling = false;
      if (outcome.isPresent()) {
        finished.accept(outcome.get());
      } else if (again) {
        again = false;
        tell(false);
      }
    }

    /** The client stays; the next hint or heartbeat tries again. */
    private void untold(Throwable failure) {
      LOG.log(
          System.Logger.Level.WARNING,
          "session " + turn.connection().id() + ": nothing could be told: " + failure);
      again = false;
      told();
    }

    private void beatLater() {
      var interval = turn.ports().live().now().imap().idleHeartbeat();
      heartbeat = Optional.of(turn.connection().after(jittered(interval), this::beat));
    }

    /** So that clients that came together don't all wake up together: up to a tenth sooner. */
    private static Duration jittered(Duration interval) {
      long millis = interval.toMillis();
      return Duration.ofMillis(
          millis - ThreadLocalRandom.current().nextLong(Math.max(1, millis / 10)));
    }

    private void beat() {
      if (!telling) {
        turn.reply().untagged("OK Still here.").flush();
      }
      tell(false);
      beatLater();
    }

    private void end(Outcome verdict) {
      outcome = Optional.of(verdict);
      turn.wakeup().stop();
      heartbeat.ifPresent(Connection.Cancellation::cancel);
      if (!telling) {
        finished.accept(verdict);
      }
    }
  }
}
