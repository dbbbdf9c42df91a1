package io.postern.store.index;

import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A bounded log of the removals that an index has applied.
 *
 * @param floor removals up to this mod-sequence are unknown
 * @param entries ascending, all behind the floor
 */
record ExpungeLog(ModSeq floor, List<Entry> entries) {
  /** How many entries are kept. */
  static final int MAX_ENTRIES = 256;

  /** How many ranges of UIDs are kept in all. */
  static final int MAX_RANGES = 8_192;

  /** These UIDs were removed after {@code from} and not after {@code to}. */
  record Entry(ModSeq from, ModSeq to, NumberSet uids) {}

  /** An empty log: removals up to the floor are unknown, later ones known. */
  static ExpungeLog from(ModSeq floor) {
    return new ExpungeLog(floor, List.of());
  }

  ExpungeLog with(ModSeq from, ModSeq to, NumberSet uids) {
    if (uids.isEmpty()) {
      return this;
    }
    var all = Stream.concat(entries.stream(), Stream.of(new Entry(from, to, uids))).toList();
    int keep = all.size();
    int ranges = 0;
    while (keep > 0 && all.size() - keep < MAX_ENTRIES) {
      ranges += all.get(keep - 1).uids.ranges();
      if (ranges > MAX_RANGES) {
        break;
      }
      keep--;
    }
    return keep == 0
        ? new ExpungeLog(floor, all)
        : new ExpungeLog(all.get(keep - 1).to, List.copyOf(all.subList(keep, all.size())));
  }

  /**
   * What was removed after a mod-sequence, exactly; empty when that is not known: the mod-sequence
   * is below the floor, or amid several changes that were applied at once.
   */
  Optional<NumberSet> since(ModSeq since) {
    if (floor.isAfter(since)) {
      return Optional.empty();
    }
    var later = entries.stream().filter(e -> e.to.isAfter(since)).toList();
    if (!later.isEmpty() && since.isAfter(later.getFirst().from)) {
      return Optional.empty();
    }
    return Optional.of(later.stream().map(Entry::uids).reduce(NumberSet.EMPTY, NumberSet::union));
  }

  int ranges() {
    return entries.stream().mapToInt(e -> e.uids.ranges()).sum();
  }
}
