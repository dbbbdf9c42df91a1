package io.postern.store.rendering;

import io.postern.mime.MessageFacts;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.render.RenderOptions;
import io.postern.render.Segment;
import java.util.List;

/** How a content is shown. */
sealed interface Rendition {
  /** Octets that an entry of the cache has beside its contents. */
  long ENTRY = 256;

  /** What a rendition is made of. */
  record Key(AccountId account, ContentId content, RenderOptions options) {
    // Written out: a native executable interprets what the compiler makes of a record, at length.
    @Override
    public boolean equals(Object other) {
      return other instanceof Key it
          && content.equals(it.content)
          && account.equals(it.account)
          && options.equals(it.options);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * account.hashCode() + content.hashCode()) + options.hashCode();
    }
  }

  /** As it is stored. */
  record AsStored() implements Rendition {}

  /**
   * In another form.
   *
   * @param facts of its octets
   * @param segments its octets, in order
   */
  record Rendered(MessageFacts facts, List<Segment> segments) implements Rendition {
    public Rendered {
      segments = List.copyOf(segments);
    }

    /** Octets that were made and not stored. */
    long made() {
      return segments.stream()
          .filter(Segment.Made.class::isInstance)
          .mapToLong(Segment::length)
          .sum();
    }

    /** Whether it can be shown without the stored octets. */
    boolean isWhole() {
      return segments.stream().allMatch(Segment.Made.class::isInstance);
    }
  }

  /** Octets that it takes in the cache. */
  default long weight() {
    return switch (this) {
      case AsStored() -> ENTRY;
      case Rendered rendered -> ENTRY + rendered.facts.held() + rendered.made();
    };
  }
}
