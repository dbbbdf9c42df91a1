package io.postern.imap.selected;

import io.postern.cancellation.CancellationToken;
import io.postern.imap.response.ResponseWriter;
import io.postern.imap.response.StatusResponse;
import io.postern.imap.response.StatusResponse.Condition;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.wire.Connection;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Sends the updates of the selected mailbox, and of others that the client asked for, without a
 * command: while IDLE runs (RFC 2177), or between commands (RFC 5465 §3.1). One update runs at a
 * time; a hint during one causes one more. A change is never lost: after a failure, the next hint
 * or timer tries again. Used on the connection's context only.
 */
public final class UpdateLoop implements MailboxListener.ChangeCallback {
  private static final System.Logger LOG = System.getLogger(UpdateLoop.class.getName());

  private final Sender sender;
  private final Optional<View> view;
  private final boolean heartbeat;
  private final Runnable gone;
  private final CancellationToken token = new CancellationToken();
  private Optional<Connection.Cancellation> waking = Optional.empty();
  private Optional<UniEmitter<? super Void>> stopped = Optional.empty();
  private boolean stopping;

  /** When the next heartbeat is due, by {@link System#nanoTime}. */
  private long beatAt;

  /** When the first pending change was committed. */
  private OptionalLong changedAt = OptionalLong.empty();

  /** Whether a change may have happened without a hint. */
  private boolean unsure;

  private boolean running;
  private boolean again;
  private boolean failing;

  /**
   * What a loop uses of its session.
   *
   * @param intervals as the settings are at the time of the call
   */
  public record Sender(
      Connection connection,
      ResponseWriter reply,
      Updates updates,
      MailboxListener listener,
      Supplier<Intervals> intervals) {}

  /**
   * How often a loop looks for changes without a hint; each is shortened by up to a tenth, so that
   * clients do not all wake up together.
   *
   * @param poll while hints may be missing
   * @param heartbeat always
   */
  public record Intervals(Duration poll, Duration heartbeat) {}

  /**
   * A loop that has not started.
   *
   * @param view of the selected mailbox, if there is one
   * @param heartbeat whether each heartbeat sends a line, so that the connection stays open: while
   *     IDLE runs, all updates may be sent
   * @param gone called when the selected mailbox was deleted
   */
  public UpdateLoop(Sender sender, Optional<View> view, boolean heartbeat, Runnable gone) {
    this.sender = sender;
    this.view = view;
    this.heartbeat = heartbeat;
    this.gone = gone;
  }

  /**
   * Starts the loop.
   *
   * @param fresh whether to read the mailbox's state from the store first; otherwise only changes
   *     that are known to exist are sent at once
   */
  public void start(boolean fresh) {
    boolean lost = sender.listener().await(this);
    beatAt = System.nanoTime() + jittered(intervals().heartbeat());
    wakeLater();
    unsure = fresh || lost;
    if (unsure || others().isPresent() || view.filter(it -> !it.isUpToDate()).isPresent()) {
      sendUpdates();
    }
  }

  /** What is to be looked up in other mailboxes, if anything. */
  private Optional<Notifications> others() {
    return sender.listener().notifications().filter(Notifications::isPending);
  }

  /** Stops the loop: no further update begins. */
  public void stop() {
    stopping = true;
    sender.listener().stop();
    waking.ifPresent(Connection.Cancellation::cancel);
  }

  /** Stops the loop, and ends what it waits for: the client has gone. */
  public void cancel() {
    stop();
    token.cancel();
  }

  /** Completes when the update that ran when the loop was stopped has ended. */
  public Uni<Void> stopped() {
    return running
        ? Uni.createFrom().emitter(emitter -> stopped = Optional.of(emitter))
        : Uni.createFrom().voidItem();
  }

  private Intervals intervals() {
    return sender.intervals().get();
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
    beatAt = Math.min(beatAt, System.nanoTime() + jittered(intervals().heartbeat()));
    waking.ifPresent(Connection.Cancellation::cancel);
    wakeLater();
  }

  private void sendUpdates() {
    if (stopping || (view.isEmpty() && others().isEmpty())) {
      return;
    }
    if (running) {
      again = true;
      return;
    }
    running = true;
    boolean fresh = unsure;
    unsure = false;
    view.map(it -> updatesOf(it, fresh))
        .orElseGet(() -> Uni.createFrom().voidItem())
        .chain(() -> others().map(Notifications::send).orElseGet(() -> Uni.createFrom().voidItem()))
        .subscribe()
        .with(token.context(), _ -> sent(), this::sendingFailed);
  }

  private Uni<Void> updatesOf(View selected, boolean fresh) {
    var updates = sender.updates();
    var scope = heartbeat ? Updates.Scope.ALL : updates.betweenCommands();
    return fresh ? updates.catchUp(selected, scope) : updates.sendKnown(selected, scope);
  }

  private void sent() {
    failing = false;
    sender.reply().flush();
    if (!again) {
      changedAt.ifPresent(since -> sender.listener().sent(since));
      changedAt = OptionalLong.empty();
    }
    ended();
  }

  private void sendingFailed(Throwable failure) {
    if (failure instanceof StoreException e && e.failure() instanceof StoreFailure.MailboxGone) {
      stopping = true;
      gone.run();
      ended();
      return;
    }
    if (!failing && !token.cancelled()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "session " + sender.connection().id() + ": updates could not be sent: " + failure);
    }
    failing = true;
    unsure = true;
    again = false;
    ended();
  }

  private void ended() {
    sender.reply().flush();
    running = false;
    if (stopping) {
      stopped.ifPresent(emitter -> emitter.complete(null));
    } else if (again) {
      again = false;
      sendUpdates();
    }
  }

  /** Schedules the next heartbeat, or an earlier poll if that is due sooner. */
  private void wakeLater() {
    long poll = jittered(intervals().poll());
    long delay = Math.clamp(beatAt - System.nanoTime(), 0, poll);
    waking = Optional.of(sender.connection().after(Duration.ofNanos(delay), this::wake));
  }

  private static long jittered(Duration interval) {
    long nanos = interval.toNanos();
    return nanos - ThreadLocalRandom.current().nextLong(Math.max(1, nanos / 10));
  }

  private void wake() {
    boolean beat = System.nanoTime() - beatAt >= 0;
    if (beat) {
      beatAt = System.nanoTime() + jittered(intervals().heartbeat());
      if (heartbeat && !running) {
        sender.reply().send(StatusResponse.of(Condition.OK, "Still here."));
        sender.reply().flush();
      }
    }
    // Hints may be lost unnoticed: even a session that receives them resyncs at each heartbeat.
    if (beat || unsure || sender.listener().degraded()) {
      sender.listener().notifications().ifPresent(Notifications::resync);
      resync();
    }
    wakeLater();
  }
}
