package io.postern.push;

import io.postern.model.Ids.AccountId;
import io.postern.store.Annotations;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Annotations that publish each change after the commit. */
public final class PublishingAnnotations implements Annotations {
  private final Annotations store;
  private final Hints hints;

  public PublishingAnnotations(Annotations store, Hints hints) {
    this.store = store;
    this.hints = hints;
  }

  @Override
  public Uni<List<Found>> read(Subject subject, AccountId viewer, Query query) {
    return store.read(subject, viewer, query);
  }

  @Override
  public Uni<List<Found>> readAll(AccountId account, AccountId viewer, Query query) {
    return store.readAll(account, viewer, query);
  }

  @Override
  public Uni<List<Version>> versions(AccountId account, AccountId viewer, int most) {
    return store.versions(account, viewer, most);
  }

  @Override
  public Uni<Long> set(
      Subject subject, AccountId viewer, Map<String, Optional<Buffer>> values, Limits limits) {
    return store
        .set(subject, viewer, values, limits)
        .invoke(() -> hints.publish(Hint.ofAnnotations(subject.account())));
  }
}
