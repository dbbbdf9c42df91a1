package io.postern.store.rendering;

import io.postern.cancellation.CancellationToken;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.render.RenderOptions;
import io.postern.store.ForwardingMessages;
import io.postern.store.Messages;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * Decorates {@code Messages} for one session: reads contents as its options show them. All else
 * passes unchanged.
 */
final class RenderingMessages implements ForwardingMessages {
  /** Octets of contents that are held at once to learn their sizes. */
  private static final int SIZES_OCTETS = 1024 * 1024;

  /** Contents that are read at once for that. */
  private static final int MEASURED = 64;

  private final Renditions renditions;
  private final Messages store;
  private final RenderOptions options;

  RenderingMessages(Renditions renditions, Messages store, RenderOptions options) {
    this.renditions = renditions;
    this.store = store;
    this.options = options;
  }

  @Override
  public Messages store() {
    return store;
  }

  @Override
  public boolean renders() {
    return true;
  }

  @Override
  public Uni<Contents> contents(
      AccountId account, Collection<ContentId> ids, Columns columns, long octets) {
    return Uni.createFrom()
        .deferred(
            () -> new RenderedRead(renditions, store, account, options, columns, octets).of(ids));
  }

  @Override
  public Uni<Map<ContentId, ShownSize>> shownSizes(AccountId account, Collection<ContentId> ids) {
    return Uni.createFrom()
        .deferred(
            () -> {
              var sizes = new HashMap<ContentId, ShownSize>();
              var unknown = new LinkedHashSet<ContentId>();
              for (var id : ids) {
                renditions
                    .knownSize(new Rendition.Key(account, id, options))
                    .ifPresentOrElse(
                        known -> known.ifPresent(size -> sizes.put(id, size)),
                        () -> unknown.add(id));
              }
              return measured(account, unknown, sizes);
            });
  }

  /** Renders contents for their sizes, some at a time. */
  private Uni<Map<ContentId, ShownSize>> measured(
      AccountId account, Set<ContentId> unknown, Map<ContentId, ShownSize> sizes) {
    if (unknown.isEmpty()) {
      return Uni.createFrom().item(sizes);
    }
    return Multi.createBy()
        .repeating()
        .uni(
            () ->
                CancellationToken.with(
                    token ->
                        token.cancelled()
                            ? Uni.createFrom().failure(new CancellationException())
                            : measure(account, unknown, sizes).replaceWith(true)))
        .whilst(_ -> !unknown.isEmpty())
        .onItem()
        .ignoreAsUni()
        .replaceWith(sizes);
  }

  private Uni<Void> measure(
      AccountId account, Set<ContentId> unknown, Map<ContentId, ShownSize> sizes) {
    var asked = unknown.stream().limit(MEASURED).toList();
    return new RenderedRead(
            renditions, store, account, options, new Columns(false, false, 0), SIZES_OCTETS)
        .of(asked)
        .invoke(
            read -> {
              asked.stream().filter(id -> !read.left().contains(id)).forEach(unknown::remove);
              read.found()
                  .forEach(
                      (id, content) -> {
                        if (content.composed().isPresent()) {
                          sizes.put(id, Renditions.size(content.facts()));
                        }
                      });
            })
        .replaceWithVoid();
  }

  /**
   * The fields that are kept for SEARCH are the same in each form; the rest of the header, and the
   * signature of the text, may not be.
   */
  @Override
  public Uni<Map<ContentId, StoredHeader>> headers(
      AccountId account, Collection<ContentId> ids, HeaderColumns columns) {
    return store.headers(account, ids, new HeaderColumns(columns.fields(), false, false));
  }
}
