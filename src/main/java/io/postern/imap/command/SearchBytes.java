package io.postern.imap.command;

import io.postern.mime.text.Finder;
import io.postern.mime.text.HeaderFinder;
import io.postern.mime.text.SearchedRange;
import io.postern.store.Blobs;
import io.postern.store.Messages.Content;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether the text of a message holds a text (RFC 3501 §6.4.4: BODY, TEXT).
 *
 * @param withHeader whether its own header is looked into too
 */
record SearchBytes(Blobs blobs, String text, boolean withHeader) implements SearchQuestion {
  @Override
  public Answer known(Message message) {
    if (message.content().filter(this::inHeader).isPresent()) {
      return Answer.YES;
    }
    return message
        .content()
        .flatMap(content -> content.bytes().map(all -> Answer.of(found(content, all))))
        .orElse(Answer.UNKNOWN);
  }

  @Override
  public boolean readsBytes() {
    return true;
  }

  /** In octets that came along with the facts. */
  private boolean found(Content content, Buffer all) {
    return text.isEmpty()
        || ranges(content).stream()
            .anyMatch(
                range -> {
                  var octets = range.octets();
                  var finder = range.finder(text);
                  finder.feed(all.slice(octets.start(), octets.start() + octets.length()));
                  finder.finish();
                  return finder.found();
                });
  }

  /** The header, as far as it is kept with the facts. */
  private boolean inHeader(Content content) {
    var finder = HeaderFinder.anywhere(text);
    if (withHeader) {
      finder.feed(content.facts().header());
    }
    return finder.found();
  }

  @Override
  public Uni<Boolean> looked(Message message) {
    // RFC 3501 §6.4.4 names substrings; an empty one is in every text, were there none.
    if (text.isEmpty()) {
      return Uni.createFrom().item(true);
    }
    var content = message.content().orElseThrow();
    var ranges = ranges(content);
    return Multi.createFrom()
        .iterable(ranges)
        .onItem()
        .transformToUniAndConcatenate(range -> find(read(content, range), range.finder(text)))
        .select()
        .first(found -> !found)
        .collect()
        .with(Collectors.counting())
        .map(without -> without < ranges.size());
  }

  private List<SearchedRange> ranges(Content content) {
    var parts = content.facts().parts();
    return withHeader ? SearchedRange.ofText(parts) : SearchedRange.ofBody(parts);
  }

  private Multi<Buffer> read(Content content, SearchedRange range) {
    var octets = range.octets();
    return content.read(blobs, octets.start(), octets.length());
  }

  /** Whether the finder finds it in these octets; no more are read once it has. */
  static Uni<Boolean> find(Multi<Buffer> octets, Finder finder) {
    return octets
        .invoke(finder::feed)
        .select()
        .first(_ -> !finder.found())
        .onItem()
        .ignoreAsUni()
        .map(
            _ -> {
              finder.finish();
              return finder.found();
            });
  }
}
