package io.postern.admin.cli;

import static io.postern.admin.cli.api.AdminApi.path;

import io.postern.admin.cli.api.ApiMailbox;
import io.postern.admin.cli.api.CommandFailure;
import io.postern.transfer.MailboxExport;
import io.postern.transfer.MailboxImport;
import io.postern.transfer.Progress.Count;
import io.postern.transfer.Rate;
import io.postern.transfer.archive.MaildirReader;
import io.postern.transfer.archive.MaildirWriter;
import io.postern.transfer.archive.MboxReader;
import io.postern.transfer.archive.MboxWriter;
import io.postern.transfer.archive.MessageReader;
import io.postern.transfer.archive.MessageWriter;
import io.postern.transfer.archive.TarReader;
import io.postern.transfer.archive.TarWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Mailboxes: list, create, import, export. */
@Command(name = "mailboxes", description = "Mailboxes of an account: import, export, migration.")
final class MailboxCommands {
  private final PosternCommand postern;

  /** How messages are kept in files. */
  enum Format {
    /** One file, of the variant mboxrd. */
    MBOX,
    /** A directory with a file for each message. */
    MAILDIR,
    /** A tar with a file for each message. */
    TAR
  }

  /** What import and export have in common. */
  static final class Transfer {
    @Option(
        names = "--mailbox",
        paramLabel = "MAILBOX",
        defaultValue = "INBOX",
        description = "Its full name. Default: ${DEFAULT-VALUE}")
    private String mailbox = "INBOX";

    @Option(
        names = "--format",
        paramLabel = "FORMAT",
        defaultValue = "MBOX",
        description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
    private Format format = Format.MBOX;

    @Mixin private RateOption rate = new RateOption();
  }

  /** How fast. */
  static final class RateOption {
    @Option(
        names = "--octets-per-second",
        paramLabel = "N",
        description = "The most octets a second, on average; no limit by default")
    private long octets = Long.MAX_VALUE;

    Rate rate() {
      if (octets < 1) {
        throw new CommandFailure("--octets-per-second is " + octets + ", but 1 or more is allowed");
      }
      return Rate.of(octets);
    }
  }

  MailboxCommands(PosternCommand postern) {
    this.postern = postern;
  }

  @Command(name = "list", description = "List the mailboxes of an account.")
  void list(@Parameters(paramLabel = "ACCOUNT") String account) {
    postern.list(
        path("accounts", account, "mailboxes"),
        Map.of(),
        List.of("name", "messages", "octets", "uidValidity", "specialUse"));
  }

  @Command(name = "create", description = "Create a mailbox, and those missing above it.")
  void create(
      @Parameters(paramLabel = "ACCOUNT") String account,
      @Parameters(paramLabel = "MAILBOX") String mailbox) {
    postern.api().send("POST", path("accounts", account, "mailboxes"), Map.of("name", mailbox));
    postern.done(mailbox + " is created.");
  }

  @Command(
      name = "import",
      description = {
        "Add the messages of an mbox, Maildir or tar to a mailbox, with flags and dates.",
        "The mailbox is created if there is none. An interrupted run can be repeated: messages",
        "that the mailbox has, octet by octet and with the same date, are left out."
      })
  void importing(
      @Parameters(paramLabel = "ACCOUNT") String account,
      @Parameters(paramLabel = "FILE") Path file,
      @Mixin Transfer transfer) {
    var mailbox = new ApiMailbox(postern.api(), account, transfer.mailbox);
    try (var source = reader(transfer.format, file)) {
      mailbox.require(true);
      var progress = postern.progress(transfer.mailbox);
      var count =
          new MailboxImport(mailbox, transfer.rate.rate(), postern.err()::println)
              .all(source, progress);
      progress.finish(count);
      report(count, "added");
    } catch (IOException e) {
      throw new CommandFailure("The import has ended: " + e.getMessage() + "; repeat it", e);
    }
  }

  private static MessageReader reader(Format format, Path file) throws IOException {
    return switch (format) {
      case MBOX -> new MboxReader(Files.newInputStream(file), Files.size(file));
      case MAILDIR -> new MaildirReader(file);
      case TAR -> new TarReader(Files.newInputStream(file), Files.size(file));
    };
  }

  @Command(
      name = "export",
      description = {
        "Write the messages of a mailbox to an mbox, Maildir or tar, with flags and dates.",
        "A file gets its name when it is complete; a Maildir goes on where it was interrupted."
      })
  void export(
      @Parameters(paramLabel = "ACCOUNT") String account,
      @Parameters(paramLabel = "FILE") Path file,
      @Mixin Transfer transfer) {
    var mailbox = new ApiMailbox(postern.api(), account, transfer.mailbox);
    long uidValidity = mailbox.require(false).path("uidValidity").asLong();
    var progress = postern.progress(transfer.mailbox);
    var part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Count count;
      try (var archive = writer(transfer.format, file, part, uidValidity)) {
        count = new MailboxExport(mailbox, transfer.rate.rate()).all(archive, progress);
      }
      if (transfer.format != Format.MAILDIR) {
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      }
      progress.finish(count);
      report(count, "written");
    } catch (IOException e) {
      throw new CommandFailure("The export has ended: " + e.getMessage() + "; repeat it", e);
    }
  }

  private static MessageWriter writer(Format format, Path file, Path part, long uidValidity)
      throws IOException {
    return switch (format) {
      case MBOX -> new MboxWriter(Files.newOutputStream(part));
      case MAILDIR -> new MaildirWriter(file, uidValidity);
      case TAR -> new TarWriter(Files.newOutputStream(part));
    };
  }

  @Command(
      name = "migrate",
      description = {
        "Add the messages of all folders of another IMAP server, with flags and dates, to"
            + " mailboxes",
        "of the same names. The other server is only read. An interrupted run can be repeated."
      })
  void migrate(
      @Parameters(paramLabel = "ACCOUNT") String account,
      @Mixin MigrationRun migration,
      @Mixin RateOption rate) {
    report(migration.run(postern, account, rate.rate()), "added");
  }

  private void report(Count count, String verb) {
    postern.count(count, verb);
    if (count.refused() > 0) {
      throw new CommandFailure(count.refused() + " messages were refused");
    }
  }
}
