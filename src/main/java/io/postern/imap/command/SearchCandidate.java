package io.postern.imap.command;

import io.postern.imap.command.SearchPredicate.Message;
import io.postern.imap.command.SearchPredicate.Searched;
import io.postern.model.Ids.ContentId;
import io.postern.model.message.MessageInfo;
import java.util.Optional;

/**
 * A message of which a search does not know yet whether it matches.
 *
 * @param position in the index
 * @param size octets, as it is shown
 */
record SearchCandidate(int position, MessageInfo info, int size) {
  ContentId content() {
    return info.content();
  }

  /** The message with data of its content. */
  Message with(Searched content) {
    return new Message(
        info.uid().value(),
        info.flags(),
        info.modSeq().value(),
        size,
        info.internalDate().packed(),
        info.saved().getEpochSecond(),
        info.content().value(),
        Optional.of(content));
  }
}
