package io.postern.admin.cli;

import io.postern.admin.cli.api.ApiMailbox;
import io.postern.admin.cli.api.CommandFailure;
import io.postern.transfer.MailboxImport;
import io.postern.transfer.Progress.Count;
import io.postern.transfer.Rate;
import io.postern.transfer.source.ImapMigration;
import io.postern.transfer.source.ImapServer;
import io.postern.transfer.source.ImapServer.Encryption;
import io.postern.transfer.source.ImapSource;
import io.postern.transfer.source.MigrationJournal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Migrates the folders of an account of another IMAP server, and its options. */
final class MigrationRun {
  private static final int PORT = 143;
  private static final int TLS_PORT = 993;

  @Option(names = "--host", paramLabel = "HOST", required = true, description = "The other server")
  private String host = "";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "993 by default, 143 unless --encryption is SSL")
  private Optional<Integer> port = Optional.empty();

  @Option(names = "--user", paramLabel = "USER", required = true, description = "Its login name")
  private String user = "";

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "A file whose first line is the password; - is standard input")
  private Optional<Path> password = Optional.empty();

  @Option(
      names = "--encryption",
      paramLabel = "HOW",
      defaultValue = "SSL",
      description = "${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  private Encryption encryption = Encryption.SSL;

  @Option(
      names = "--trust",
      paramLabel = "FILE",
      description = "Certificates to trust (PEM); by default those of the Java platform")
  private Optional<Path> trusted = Optional.empty();

  @Option(
      names = "--folder",
      paramLabel = "NAME",
      description = "Only this folder; may be repeated. Default: all")
  private List<String> folders = List.of();

  @Option(
      names = "--journal",
      paramLabel = "FILE",
      description = "Where an interrupted run goes on. Default: migration-ACCOUNT.journal")
  private Optional<Path> journal = Optional.empty();

  /**
   * Migrates the folders one after the other.
   *
   * @return what was done in this run
   */
  Count run(PosternCommand postern, String account, Rate rate) {
    var server =
        new ImapServer(
            host, port.orElse(encryption == Encryption.SSL ? TLS_PORT : PORT), encryption, trusted);
    var secret = postern.secret("password of " + user, password);
    var file = journal.orElseGet(() -> Path.of("migration-" + account + ".journal"));
    try (var source = new ImapSource(server, user, secret);
        var done = new MigrationJournal(file.toAbsolutePath())) {
      var migration = new ImapMigration(source, done, name -> target(postern, account, rate, name));
      var sum = Count.NONE;
      for (var folder : source.folders()) {
        if (folders.isEmpty() || folders.contains(folder.name())) {
          var progress = postern.progress(folder.name());
          var count = migration.folder(folder, progress);
          progress.finish(count);
          sum = sum.plus(count);
        }
      }
      return sum;
    } catch (IOException e) {
      throw new CommandFailure("The migration has ended: " + e.getMessage() + "; repeat it", e);
    }
  }

  private static MailboxImport target(
      PosternCommand postern, String account, Rate rate, String name) throws IOException {
    var mailbox = new ApiMailbox(postern.api(), account, name);
    mailbox.require(true);
    return new MailboxImport(mailbox, rate, text -> postern.err().println(name + ": " + text));
  }
}
