package io.postern.imap.extension;

import io.postern.config.LiveSettings;
import io.postern.imap.session.Command;
import io.postern.imap.session.CommandContext;
import io.postern.imap.session.ConnectionState;
import io.postern.imap.session.Extension;
import io.postern.imap.session.MailboxListener;
import io.postern.imap.session.Outcome;
import io.postern.imap.session.State;
import io.postern.imap.session.Verb;
import io.postern.imap.session.View;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.wire.Connection;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;

/** IDLE (RFC 2177): a running command that ends at DONE. */
public final class Idle implements Extension {
  @Override
  public int rfc() {
    return 2177;
  }

  /** Announced before login, too: Outlook looks for it only there. */
  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("IDLE");
  }

  @Override
  public List<Verb> verbs() {
    return List.of(
        Verb.of(
            "IDLE",
            in -> {
              in.end();
              return new IdleCommand();
            }));
  }

  /** Idles, with a mailbox selected or not. */
  private record IdleCommand() implements Command.Anytime {
    @Override
    public Uni<Outcome> run(CommandContext context, State state) {
      return switch (state) {
        case State.NotAuthenticated() -> Outcome.bad("LOGIN or AUTHENTICATE first.").now();
        case State.LoggedOut() -> Outcome.bad("The session is over.").now();
        case State.Authenticated(_) -> idle(new Idling(context, Optional.empty()));
        case State.Selected(_, var view) -> idle(new Idling(context, Optional.of(view)));
      };
    }

    private static Uni<Outcome> idle(Idling idling) {
      return Uni.createFrom().<Outcome>emitter(emitter -> idling.start(emitter));
    }
  }

  /** One IDLE from its continuation to DONE; used on the connection's context only. */
  private static final class Idling implements MailboxListener.ChangeCallback {
    private static final System.Logger LOG = System.getLogger(Idle.class.getName());

    private final CommandContext context;
    private final Optional<View> view;
    private Optional<UniEmitter<? super Outcome>> finished = Optional.empty();
    private Optional<Connection.Cancellation> waking = Optional.empty();
    private Optional<Outcome> outcome = Optional.empty();

    /** When the next heartbeat is sent, by {@link System#nanoTime}. */
    private long beatAt;

    /** When the first pending change was committed. */
    private OptionalLong changedAt = OptionalLong.empty();

    /** Whether a change may have happened without a hint. */
    private boolean unsure;

    private boolean telling;
    private boolean again;
    private boolean failing;

    Idling(CommandContext context, Optional<View> view) {
      this.context = context;
      this.view = view;
    }

    void start(UniEmitter<? super Outcome> whenFinished) {
      finished = Optional.of(whenFinished);
      context.reply().continuation("idling");
      context.connection().nextLine().subscribe().with(line -> end(verdict(line)), this::notDone);
      context.listener().await(this);
      beatAt = System.nanoTime() + jittered(settings().imap().idleHeartbeat());
      wakeLater();
      // This resync finds changes between the last one and the wait.
      resync();
    }

    private void notDone(Throwable why) {
      if (why instanceof Connection.LineTooLong) {
        end(Outcome.bad("Expected DONE."));
      } else {
        stop();
        finished.ifPresent(emitter -> emitter.fail(why));
      }
    }

    private static Outcome verdict(Buffer line) {
      return line.toString(StandardCharsets.ISO_8859_1).strip().equalsIgnoreCase("DONE")
          ? Outcome.ok("IDLE completed.")
          : Outcome.bad("Expected DONE.");
    }

    @Override
    public void changed(long committed) {
      if (committed > 0) {
        changedAt = OptionalLong.of(Math.min(committed, changedAt.orElse(committed)));
      }
      sendUpdates();
    }

    @Override
    public void resync() {
      unsure = true;
      sendUpdates();
    }

    @Override
    public void settingsChanged() {
      beatAt = Math.min(beatAt, System.nanoTime() + jittered(settings().imap().idleHeartbeat()));
      waking.ifPresent(Connection.Cancellation::cancel);
      wakeLater();
    }

    /** Sends updates one run at a time; hints during a run cause one more. */
    private void sendUpdates() {
      if (view.isEmpty() || outcome.isPresent()) {
        return;
      }
      if (telling) {
        again = true;
        return;
      }
      telling = true;
      var told =
          unsure
              ? context.updates().catchUp(view.get(), context.reply())
              : context.updates().sendAll(view.get(), context.reply());
      unsure = false;
      told.subscribe().with(_ -> sent(), this::sendingFailed);
    }

    private void sent() {
      failing = false;
      if (!again) {
        changedAt.ifPresent(since -> context.listener().sent(since));
        changedAt = OptionalLong.empty();
      }
      over();
    }

    /** The client stays, and no change is lost: the next hint or timer tries again. */
    private void sendingFailed(Throwable failure) {
      if (failure instanceof StoreException e && e.failure() instanceof StoreFailure.MailboxGone) {
        gone();
        return;
      }
      if (!failing) {
        LOG.log(
            System.Logger.Level.WARNING,
            "session " + context.connection().id() + ": nothing could be told: " + failure);
      }
      failing = true;
      unsure = true;
      again = false;
      over();
    }

    /** RFC 2180 §3.3: BYE to a client whose selected mailbox was deleted; it may reconnect. */
    private void gone() {
      context.bye("The selected mailbox was deleted.");
    }

    private void over() {
      context.reply().flush();
      telling = false;
      if (outcome.isPresent()) {
        finish(outcome.get());
      } else if (again) {
        again = false;
        sendUpdates();
      }
    }

    private LiveSettings settings() {
      return context.ports().live().now();
    }

    /** Schedules the next heartbeat, or an earlier poll if that is due sooner. */
    private void wakeLater() {
      long poll = jittered(settings().push().pollInterval());
      long delay = Math.clamp(beatAt - System.nanoTime(), 0, poll);
      waking = Optional.of(context.connection().after(Duration.ofNanos(delay), this::wake));
    }

    /** Shortens the interval by up to a tenth, so that clients do not all wake up together. */
    private static long jittered(Duration interval) {
      long nanos = interval.toNanos();
      return nanos - ThreadLocalRandom.current().nextLong(Math.max(1, nanos / 10));
    }

    private void wake() {
      boolean beat = System.nanoTime() - beatAt >= 0;
      if (beat) {
        beatAt = System.nanoTime() + jittered(settings().imap().idleHeartbeat());
        if (!telling) {
          context.reply().untagged("OK Still here.").flush();
        }
      }
      // Hints may be lost unnoticed: even a session that receives them resyncs at each heartbeat.
      if (beat || unsure || context.listener().degraded()) {
        resync();
      }
      wakeLater();
    }

    private void end(Outcome verdict) {
      outcome = Optional.of(verdict);
      stop();
      if (!telling) {
        finish(verdict);
      }
    }

    private void stop() {
      context.listener().stop();
      waking.ifPresent(Connection.Cancellation::cancel);
    }

    private void finish(Outcome verdict) {
      finished.ifPresent(emitter -> emitter.complete(verdict));
    }
  }
}
