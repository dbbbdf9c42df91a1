package io.postern.transfer;

import io.postern.transfer.Progress.Count;
import io.postern.transfer.archive.ArchivedMessage;
import io.postern.transfer.archive.MessageWriter;
import io.postern.transfer.archive.Spool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Writes the messages of a mailbox to an archive, by UID, with flags and dates. */
public final class MailboxExport {
  private final RemoteMailbox mailbox;
  private final Rate rate;

  public MailboxExport(RemoteMailbox mailbox, Rate rate) {
    this.mailbox = mailbox;
    this.rate = rate;
  }

  /**
   * Writes all messages that the mailbox has now and the archive does not have.
   *
   * @throws IOException also when a message has other octets than its size says
   */
  public Count all(MessageWriter archive, Progress progress) throws IOException {
    List<RemoteMailbox.Stored> messages = new ArrayList<>();
    mailbox.list(messages::add);
    var count = Count.NONE;
    for (var message : messages) {
      if (archive.has(message.uid())) {
        count = count.present(message.size());
      } else {
        rate.spend(message.size());
        write(message, archive);
        count = count.added(message.size());
      }
      progress.done((double) count.read() / messages.size(), count);
    }
    return count;
  }

  private void write(RemoteMailbox.Stored message, MessageWriter archive) throws IOException {
    try (var spool = new Spool()) {
      mailbox.read(message.uid(), spool);
      spool.finish();
      if (spool.size() != message.size()) {
        throw new IOException(
            "message %d has %d octets, and %d were read"
                .formatted(message.uid(), message.size(), spool.size()));
      }
      archive.write(message.uid(), new ArchivedMessage(spool, message.flags(), message.date()));
    }
  }
}
