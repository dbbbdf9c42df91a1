package io.postern.imap.selected;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.push.Hint;
import io.postern.push.Hints;
import io.postern.store.Messages.Changed;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Receives the push hints of a session: remembers that the selected mailbox changed, or another one
 * that the client asked for, and calls back who waits for it. All calls come on the connection's
 * context.
 */
public final class MailboxListener implements Hints.Watcher {
  private final Hints hints;
  private final UpdateMeter meter;
  private Optional<View> selected = Optional.empty();
  private Optional<Notifications> others = Optional.empty();
  private Optional<ChangeCallback> waiting = Optional.empty();

  /** Whether hints may have been lost while nothing waited. */
  private boolean unsure;

  /** A command that waits for changes of the selected mailbox. */
  public interface ChangeCallback {
    /**
     * The mailbox changed.
     *
     * @param committed when, as {@link Hint#committed} has it
     */
    void changed(long committed);

    /** The mailbox may have changed. */
    void resync();

    /** The intervals of polling and of the heartbeat may have changed. */
    void settingsChanged();
  }

  public MailboxListener(Hints hints, UpdateMeter meter) {
    this.hints = hints;
    this.meter = meter;
  }

  /** Whether a waiting command must also poll: hints may be missing for now. */
  public boolean degraded() {
    return hints.degraded();
  }

  /** Sets the present view, if any. */
  public void selected(Optional<View> view) {
    var before = selected;
    selected = view;
    before
        .filter(it -> view.filter(now -> now == it).isEmpty())
        .ifPresent(left -> others.ifPresent(it -> it.left(left)));
  }

  /** Sets what the client wants to hear of other mailboxes, if anything. */
  public void notifications(Optional<Notifications> wanted) {
    others.filter(it -> wanted.filter(now -> now == it).isEmpty()).ifPresent(Notifications::close);
    others = wanted;
  }

  /** What the client wants to hear of other mailboxes, if anything. */
  public Optional<Notifications> notifications() {
    return others;
  }

  /** Whether this session has the mailbox selected. */
  public boolean isSelected(MailboxKey mailbox) {
    return selected.filter(view -> view.mailbox().equals(mailbox)).isPresent();
  }

  @Override
  public void hinted(Hint hint) {
    boolean here = selected.filter(view -> view.hinted(hint)).isPresent();
    boolean elsewhere = others.filter(it -> it.hinted(hint)).isPresent();
    if (here || elsewhere) {
      waiting.ifPresent(who -> who.changed(hint.committed()));
    }
  }

  /** A session that is not waiting resyncs when it does. */
  @Override
  public void resync() {
    unsure = waiting.isEmpty();
    others.ifPresent(Notifications::resync);
    waiting.ifPresent(ChangeCallback::resync);
  }

  /** The settings have changed. */
  public void settingsChanged() {
    waiting.ifPresent(ChangeCallback::settingsChanged);
  }

  /** This session changed a mailbox: if it is selected, the command ends by sending the update. */
  public void changed(MailboxKey mailbox, ModSeq modSeq) {
    selected.filter(view -> view.mailbox().equals(mailbox)).ifPresent(view -> view.expect(modSeq));
  }

  /** This session changed the names, subscriptions or annotations of its account. */
  public void changed(Notifications.OwnChange change) {
    others.ifPresent(it -> it.changed(change));
  }

  /** This session added messages to a mailbox. */
  public void written(MailboxKey mailbox, Changed change) {
    changed(mailbox, change.modSeq());
    if (!isSelected(mailbox)) {
      others.ifPresent(it -> it.written(mailbox, change));
      return;
    }
    var added = new NumberSet.Builder();
    for (int i = 0; i < change.changed().size(); i++) {
      added.add(change.changed().uid(i));
    }
    selected.ifPresent(view -> view.newMessages().added(added.build()));
  }

  /** This session appended messages: those that were claimed with them are recent in it. */
  public void appended(MailboxKey mailbox, Changed change) {
    written(mailbox, change);
    var uids = change.changed();
    if (uids.size() > 0 && uids.uid(0) < change.state().firstRecent()) {
      var claimed = NumberSet.range(uids.uid(0), uids.uid(uids.size() - 1));
      selected.filter(view -> isSelected(mailbox)).ifPresent(view -> view.claimed(claimed));
    }
  }

  /**
   * The waiting command has sent the changes.
   *
   * @param committed when the first of them was, as {@link Hint#committed} has it; if another
   *     node's clock is ahead, the delay counts as zero
   */
  public void sent(long committed) {
    meter.pushed(Math.max(0, TimeUnit.MICROSECONDS.toNanos(Hint.currentMicros() - committed)));
  }

  /**
   * Calls back at each change from now on, until {@link #stop}.
   *
   * @return whether hints may have been lost since something waited last
   */
  public boolean await(ChangeCallback who) {
    stop();
    waiting = Optional.of(who);
    boolean lost = unsure;
    unsure = false;
    return lost;
  }

  /** Stops waiting. */
  public void stop() {
    waiting = Optional.empty();
  }
}
