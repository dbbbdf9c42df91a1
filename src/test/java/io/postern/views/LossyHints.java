package io.postern.views;

import io.postern.model.Ids.AccountId;
import io.postern.push.Hint;
import io.postern.push.Hints;
import io.postern.push.LocalHints;
import java.util.ArrayList;
import java.util.List;

/** The hints of one node: its own come, those of others are lost, late or doubled. */
final class LossyHints implements Hints {
  private final Chance chance;
  private final List<LossyHints> others;
  private final LocalHints local = new LocalHints();
  private final List<Watcher> watchers = new ArrayList<>();

  /**
   * A node joins.
   *
   * @param nodes all of them, this one added here
   */
  LossyHints(Chance chance, List<LossyHints> nodes) {
    this.chance = chance;
    this.others = nodes;
    nodes.add(this);
  }

  @Override
  public void publish(Hint hint) {
    chance.later(() -> local.publish(hint));
    for (var node : others) {
      for (int copies = chance.below(3); node != this && copies > 0; copies--) {
        chance.later(() -> node.local.publish(hint));
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
    return chance.oneIn(2);
  }

  /** What comes when the node was cut off. */
  void lookAgain() {
    watchers.forEach(watcher -> chance.later(watcher::resync));
  }
}
