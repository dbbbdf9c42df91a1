package io.postern.views;

import io.postern.model.Ids.AccountId;
import io.postern.push.Hint;
import io.postern.push.Hints;
import io.postern.push.LocalHints;
import java.util.ArrayList;
import java.util.List;

/** The hints of one node: its own come, those of others are lost, late or doubled. */
final class LossyHints implements Hints {
  private final RandomScheduler scheduler;
  private final List<LossyHints> others;
  private final LocalHints local = new LocalHints();
  private final List<Watcher> watchers = new ArrayList<>();

  /**
   * A node joins.
   *
   * @param nodes all of them, this one added here
   */
  LossyHints(RandomScheduler scheduler, List<LossyHints> nodes) {
    this.scheduler = scheduler;
    this.others = nodes;
    nodes.add(this);
  }

  @Override
  public void publish(Hint hint) {
    scheduler.later(() -> local.publish(hint));
    for (var node : others) {
      for (int copies = scheduler.below(3); node != this && copies > 0; copies--) {
        scheduler.later(() -> node.local.publish(hint));
      }
    }
  }

  @Override
  public Subscription watch(AccountId account, Watcher watcher) {
    watchers.add(watcher);
    return local.watch(account, watcher);
  }

  @Override
  public boolean degraded() {
    return scheduler.oneIn(2);
  }

  /** The notification after a loss of hints. */
  void resync() {
    watchers.forEach(watcher -> scheduler.later(watcher::resync));
  }
}
