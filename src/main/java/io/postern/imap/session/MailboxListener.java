package io.postern.imap.session;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;
import io.postern.push.Hint;
import io.postern.push.Hints;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The place where push enters a session: remembers that the selected mailbox changed, and wakes the
 * command that waits for it. All calls come on the connection's context.
 */
public final class MailboxListener implements Hints.Watcher {
  private final Hints hints;
  private final ImapPorts.CommandLog log;
  private Optional<View> selected = Optional.empty();
  private Optional<ChangeCallback> waiting = Optional.empty();

  /** Who waits for changes of the selected mailbox. */
  public interface ChangeCallback {
    /**
     * It changed.
     *
     * @param committed when, as {@link Hint#committed} has it
     */
    void changed(long committed);

    /** It may have changed. */
    void resync();

    /** How often it looks, and tells that it is there, may have changed. */
    void settingsChanged();
  }

  MailboxListener(Hints hints, ImapPorts.CommandLog log) {
    this.hints = hints;
    this.log = log;
  }

  /** Whether who waits must also look by itself: changes may go untold for now. */
  public boolean degraded() {
    return hints.degraded();
  }

  /** The view from now on, if any. */
  void selected(Optional<View> view) {
    selected = view;
  }

  /** Whether this session has the mailbox selected. */
  public boolean isSelected(MailboxKey mailbox) {
    return selected.filter(view -> view.mailbox().equals(mailbox)).isPresent();
  }

  @Override
  public void hinted(Hint hint) {
    if (selected.filter(view -> view.hinted(hint)).isPresent()) {
      waiting.ifPresent(who -> who.changed(hint.committed()));
    }
  }

  /** Who does not wait looks by itself before it waits. */
  @Override
  public void resync() {
    waiting.ifPresent(ChangeCallback::resync);
  }

  void settingsChanged() {
    waiting.ifPresent(ChangeCallback::settingsChanged);
  }

  /** This session changed a mailbox: if it is the selected one, its turn ends with that told. */
  public void changed(MailboxKey mailbox, ModSeq modSeq) {
    selected.filter(view -> view.mailbox().equals(mailbox)).ifPresent(view -> view.expect(modSeq));
  }

  /**
   * Who waited has told what came.
   *
   * @param committed when the first of it was, as {@link Hint#committed} has it; if another node's
   *     clock is ahead, it took no time
   */
  public void sent(long committed) {
    log.pushed(Math.max(0, TimeUnit.MICROSECONDS.toNanos(Hint.micros() - committed)));
  }

  /** Calls it at each change from now on, until {@link #stop}. */
  public void await(ChangeCallback who) {
    stop();
    waiting = Optional.of(who);
    log.idling(1);
  }

  /** Nobody waits any more. */
  public void stop() {
    waiting.ifPresent(_ -> log.idling(-1));
    waiting = Optional.empty();
  }
}
