package io.postern.store.rendering;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.BlobId;
import io.postern.model.Ids.ContentId;
import io.postern.render.RenderOptions;
import io.postern.store.Blobs;
import io.postern.store.Messages;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.Content;
import io.postern.store.Messages.Contents;
import io.postern.store.rendering.Rendition.AsStored;
import io.postern.store.rendering.Rendition.Rendered;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * One read of contents as options show them, within a limit of octets as {@link Messages#contents}
 * has it. One content is rendered at a time. On one context.
 */
final class RenderedRead {
  /** Of a content whose octets are not read. */
  private static final BlobId NO_BLOB = new BlobId(new UUID(0, 0));

  private final Renditions renditions;
  private final Messages store;
  private final AccountId account;
  private final RenderOptions options;
  private final Columns columns;
  private final long octets;
  private final Map<ContentId, Content> found = new HashMap<>();
  private final Set<ContentId> left = new HashSet<>();
  private long held;

  RenderedRead(
      Renditions renditions,
      Messages store,
      AccountId account,
      RenderOptions options,
      Columns columns,
      long octets) {
    this.renditions = renditions;
    this.store = store;
    this.account = account;
    this.options = options;
    this.columns = columns;
    this.octets = octets;
  }

  Uni<Contents> of(Collection<ContentId> ids) {
    var asked = new LinkedHashSet<>(ids);
    var known = new HashMap<ContentId, Content>();
    var absent = new LinkedHashSet<ContentId>();
    boolean rendering = false;
    for (var id : asked) {
      var rendition = renditions.known(new Rendition.Key(account, id, options));
      if (rendition.isPresent() && rendition.get() instanceof Rendered it && isEnough(it)) {
        known.put(id, withoutStored(id, it));
      } else {
        absent.add(id);
        rendering |= rendition.isEmpty();
      }
    }
    return stored(absent, rendering)
        .chain(stored -> take(asked.iterator(), known, stored))
        .map(_ -> new Contents(found, left));
  }

  /** Whether a rendition is shown without the stored content. */
  private boolean isEnough(Rendered rendition) {
    return columns.bytes() == 0 || rendition.isWhole();
  }

  private Content withoutStored(ContentId id, Rendered rendition) {
    var none = new Content(id, NO_BLOB, Buffer.buffer(), rendition.facts(), Optional.empty());
    return shown(none, rendition);
  }

  /** Reads what renditions are made of; octets of small contents only where one is made. */
  private Uni<Contents> stored(Set<ContentId> ids, boolean rendering) {
    if (ids.isEmpty()) {
      return Uni.createFrom().item(new Contents(Map.of(), Set.of()));
    }
    var wanted =
        rendering ? new Columns(columns.structure(), columns.header(), Blobs.CHUNK) : columns;
    return store.contents(account, ids, wanted, octets);
  }

  /** Takes contents in their order up to the limit. */
  private Uni<Void> take(Iterator<ContentId> ids, Map<ContentId, Content> known, Contents stored) {
    if (!ids.hasNext()) {
      return Uni.createFrom().voidItem();
    }
    return Multi.createBy()
        .repeating()
        .uni(() -> next(ids.next(), known, stored).replaceWith(true))
        .whilst(_ -> ids.hasNext())
        .onItem()
        .ignoreAsUni();
  }

  private Uni<Void> next(ContentId id, Map<ContentId, Content> known, Contents stored) {
    if (!left.isEmpty() || stored.left().contains(id)) {
      left.add(id);
      return Uni.createFrom().voidItem();
    }
    var whole = Optional.ofNullable(known.get(id));
    if (whole.isPresent()) {
      add(whole.get());
      return Uni.createFrom().voidItem();
    }
    var content = Optional.ofNullable(stored.found().get(id));
    return content.isEmpty()
        ? Uni.createFrom().voidItem()
        : renditions
            .rendition(account, content.get(), options)
            .invoke(rendition -> add(shown(content.get(), rendition)))
            .replaceWithVoid();
  }

  private void add(Content content) {
    held += content.held();
    if (held > octets && !found.isEmpty()) {
      left.add(content.id());
    } else {
      found.put(content.id(), content);
    }
  }

  private Content shown(Content stored, Rendition rendition) {
    return switch (rendition) {
      case AsStored() -> stored;
      case Rendered rendered -> shown(stored, rendered);
    };
  }

  private Content shown(Content stored, Rendered rendered) {
    var source = new RenderedOctets(stored, rendered);
    boolean inMemory = rendered.isWhole() || stored.bytes().isPresent();
    boolean small = rendered.facts().size() <= columns.bytes();
    return new Content(
        stored.id(),
        stored.blob(),
        Buffer.buffer(),
        rendered.facts(),
        small && inMemory
            ? Optional.of(source.whole(stored.bytes().orElseGet(Buffer::buffer)))
            : Optional.empty(),
        Optional.of(source));
  }
}
