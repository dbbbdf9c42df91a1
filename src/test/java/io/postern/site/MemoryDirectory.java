package io.postern.site;

import io.postern.model.Home;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The directory of homes in memory. */
public final class MemoryDirectory implements HomeDirectory {
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  /** Whether it does not answer. */
  public volatile boolean down;

  @Override
  public Uni<Optional<Entry>> find(String name) {
    return down
        ? Uni.createFrom().failure(new StoreException(new StoreFailure.Unavailable("it is down")))
        : Uni.createFrom().item(Optional.ofNullable(entries.get(name)));
  }

  @Override
  public Uni<List<String>> publish(String site, List<Published> accounts) {
    return Uni.createFrom()
        .item(accounts.stream().filter(it -> !put(site, it)).map(Published::name).toList());
  }

  private boolean put(String site, Published account) {
    var now =
        entries.compute(
            account.name(),
            (_, before) ->
                before != null && !before.home().site().equals(site)
                    ? before
                    : new Entry(
                        account.name(),
                        before == null ? new Home(site, 1) : before.home(),
                        account.verifiers(),
                        account.appPasswords()));
    return now.home().site().equals(site);
  }

  @Override
  public Uni<Boolean> move(String name, Home before, String site) {
    return find(name)
        .map(
            entry -> {
              boolean same = entry.filter(it -> it.home().equals(before)).isPresent();
              if (same) {
                assign(name, site);
              }
              return same;
            });
  }

  /** Assigns an account to another site, as the move of its mailbox would. */
  public void assign(String name, String site) {
    entries.computeIfPresent(
        name,
        (_, it) ->
            new Entry(
                name, new Home(site, it.home().epoch() + 1), it.verifiers(), it.appPasswords()));
  }
}
