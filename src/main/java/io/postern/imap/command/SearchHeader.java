package io.postern.imap.command;

import io.postern.mime.text.HeaderFinder;
import io.postern.store.Blobs;
import io.postern.store.Messages.Content;
import io.smallrye.mutiny.Uni;

/**
 * Whether a header field holds a text (RFC 3501 §6.4.4).
 *
 * @param blobs where a header is that is too long to be kept with the facts
 */
record SearchHeader(Blobs blobs, String field, String text) implements SearchQuestion {
  @Override
  public Answer known(Message message) {
    return message.content().map(this::inFacts).orElse(Answer.UNKNOWN);
  }

  private Answer inFacts(Content content) {
    var finder = HeaderFinder.inField(field, text);
    finder.feed(content.facts().header());
    if (content.facts().headerIsWhole()) {
      finder.finish();
    }
    if (finder.found()) {
      return Answer.YES;
    }
    return content.facts().headerIsWhole() ? Answer.NO : Answer.UNKNOWN;
  }

  @Override
  public Uni<Boolean> looked(Message message) {
    var content = message.content().orElseThrow();
    return switch (inFacts(content)) {
      case YES -> Uni.createFrom().item(true);
      case NO -> Uni.createFrom().item(false);
      case UNKNOWN -> {
        var parts = content.facts().parts();
        int length = parts.bodyStart() - parts.headerStart();
        yield SearchBytes.find(
            content.read(blobs, parts.headerStart(), length), HeaderFinder.inField(field, text));
      }
    };
  }
}
