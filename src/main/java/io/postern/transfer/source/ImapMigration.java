package io.postern.transfer.source;

import io.postern.transfer.MailboxImport;
import io.postern.transfer.Progress;
import io.postern.transfer.Progress.Count;
import io.postern.transfer.source.ImapSource.Folder;
import java.io.IOException;

/** Adds the messages of all folders of an IMAP server to mailboxes of the same names. */
public final class ImapMigration {
  /** Makes what the migration needs for a folder. */
  @FunctionalInterface
  public interface Targets {
    /**
     * The import into the mailbox for a folder, which is created if there is none.
     *
     * @param name of the folder
     */
    MailboxImport target(String name) throws IOException;
  }

  private final ImapSource source;
  private final MigrationJournal journal;
  private final Targets targets;

  public ImapMigration(ImapSource source, MigrationJournal journal, Targets targets) {
    this.source = source;
    this.journal = journal;
    this.targets = targets;
  }

  /**
   * Migrates a folder, behind the messages that the journal has.
   *
   * @return what was done in this run
   */
  public Count folder(Folder folder, Progress progress) throws IOException {
    var opened = source.open(folder, validity -> journal.last(folder.name(), validity));
    var target = targets.target(folder.name());
    var count = Count.NONE;
    long done = 0;
    for (var entry : opened.messages()) {
      var read = source.read(entry);
      if (read.isPresent()) {
        try (var message = read.get()) {
          count = target.add(message);
        }
      }
      // What was refused is tried again in the next run, and what follows found to be present.
      if (count.refused() == 0) {
        journal.done(folder.name(), opened.uidValidity(), entry.uid());
      }
      progress.done((double) ++done / opened.messages().size(), count);
    }
    return count;
  }
}
