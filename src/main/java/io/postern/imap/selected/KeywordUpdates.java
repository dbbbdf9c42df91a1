package io.postern.imap.selected;

import io.postern.imap.response.ResponseCode;
import io.postern.imap.response.ResponseWriter;
import io.postern.imap.response.StatusResponse;
import io.postern.imap.response.StatusResponse.Condition;
import io.postern.imap.response.Untagged;
import io.postern.model.message.Flags;
import io.postern.model.message.Keywords;
import io.postern.store.Messages.Changed;
import io.postern.store.index.MailboxIndex;
import java.util.Arrays;
import java.util.List;

/** Sends a client which keywords its selected mailbox has. */
public final class KeywordUpdates {
  private final ResponseWriter reply;

  KeywordUpdates(ResponseWriter reply) {
    this.reply = reply;
  }

  /** RFC 3501 §7.2.6: sends FLAGS with new keywords before they appear on a message. */
  void send(View view, Changed changed) {
    long bits = Arrays.stream(changed.changed().flags()).reduce(0, (a, b) -> a | b);
    var keywords = changed.keywords();
    if (!view.keywordsSent().containsAll(keywords.unpack(bits).keywords())) {
      // Only these messages were read: keywords sent before may be in use elsewhere.
      long before = keywords.pack(Flags.of(List.of(), view.keywordsSent()));
      sendKeywords(view, keywords, bits | before);
    }
  }

  /**
   * Sends FLAGS for the whole mailbox, also when it changed whether keywords can be created.
   * Keywords that were sent before stay in it while there is room: the client may know messages
   * with them, of which it hears later that they are gone.
   */
  void send(View view, MailboxIndex index) {
    var sent = view.keywordsSent();
    long inUse = index.flagsInUse();
    var names = index.keywords().unpack(inUse).keywords();
    boolean open = names.size() < Keywords.MAX;
    if (!view.readOnly() && open != sent.size() < Keywords.MAX) {
      sendKeywords(view, index.keywords(), inUse);
    } else if (!sent.containsAll(names)) {
      long all = inUse | index.keywords().pack(Flags.of(List.of(), sent));
      boolean room = index.keywords().unpack(all).keywords().size() < Keywords.MAX;
      sendKeywords(view, index.keywords(), room ? all : inUse);
    }
  }

  private void sendKeywords(View view, Keywords keywords, long bits) {
    sendFlags(keywords, bits, view.changeable(), reply);
    view.sentKeywords(keywords.unpack(bits).keywords());
  }

  /**
   * Sends the FLAGS and PERMANENTFLAGS lines of SELECT (RFC 3501 §6.3.1).
   *
   * @param bits of the keywords that messages have
   * @param changeable packed flags that the client can change
   */
  public static void sendFlags(
      Keywords keywords, long bits, long changeable, ResponseWriter reply) {
    long all = bits | (1L << Keywords.FIRST_BIT) - 1;
    // RFC 3501 §7.1: \* says that new keywords can be created.
    boolean any =
        (changeable & 1L << Keywords.FIRST_BIT) != 0
            && keywords.unpack(all).keywords().size() < Keywords.MAX;
    var permanent = new ResponseCode.PermanentFlags(all & changeable, keywords, any);
    var text = changeable == 0 ? "No flag can be changed." : "These can be changed.";
    reply.send(new Untagged.Flags(all, keywords));
    reply.send(StatusResponse.of(Condition.OK, permanent, text));
  }
}
