package io.postern.transfer;

import io.postern.transfer.Progress.Count;
import io.postern.transfer.archive.ArchivedMessage;
import io.postern.transfer.archive.MessageReader;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Adds the messages of a source to a mailbox, in their order. It may end at any moment and be
 * repeated: what the mailbox has already is compared and left out.
 */
public final class MailboxImport {
  private final RemoteMailbox mailbox;
  private final PresentMessages present;
  private final Rate rate;
  private final Consumer<String> refusals;
  private Count count = Count.NONE;

  /**
   * Reads which messages the mailbox has.
   *
   * @param refusals receives each message that the server does not take
   */
  public MailboxImport(RemoteMailbox mailbox, Rate rate, Consumer<String> refusals)
      throws IOException {
    this.mailbox = mailbox;
    this.present = new PresentMessages(mailbox);
    this.rate = rate;
    this.refusals = refusals;
  }

  /** Adds all messages of an archive. */
  public Count all(MessageReader source, Progress progress) throws IOException {
    for (var next = source.next(); next.isPresent(); next = source.next()) {
      try (var message = next.get()) {
        add(message);
      }
      progress.done(source.fraction(), count);
    }
    return count;
  }

  /** Adds a message, unless the mailbox has it. */
  public Count add(ArchivedMessage message) throws IOException {
    long size = message.octets().size();
    if (present.take(message.octets(), message.date().toEpochSecond())) {
      count = count.present(size);
      return count;
    }
    rate.spend(size);
    try {
      mailbox.add(message);
      count = count.added(size);
    } catch (RemoteMailbox.Refused refused) {
      count = count.refused(size);
      refusals.accept("message " + count.read() + " is refused: " + refused.getMessage());
    }
    return count;
  }
}
