package io.postern.admin.cli;

import static io.postern.admin.cli.api.AdminApi.path;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Expunged messages that can still be restored. */
@Command(name = "recoverable", description = "Expunged messages that can be restored.")
final class RecoverableCommands {
  private final PosternCommand postern;

  RecoverableCommands(PosternCommand postern) {
    this.postern = postern;
  }

  private static String of(String account) {
    return path("accounts", account, "recoverable-items");
  }

  @Command(name = "list", description = "List those of an account.")
  void list(@Parameters(paramLabel = "ACCOUNT") String account) {
    postern.list(
        of(account),
        Map.of(),
        List.of("id", "mailbox", "uid", "size", "received", "removed", "flags"));
  }

  @Command(name = "restore", description = "Restore messages by their ids.")
  void restore(
      @Parameters(paramLabel = "ACCOUNT") String account,
      @Parameters(paramLabel = "ID", arity = "1..*") List<Long> ids,
      @Option(
              names = "--mailbox",
              paramLabel = "NAME",
              defaultValue = "INBOX",
              description = "Where they go. Default: ${DEFAULT-VALUE}")
          String mailbox) {
    var body = Map.of("ids", ids, "mailbox", mailbox);
    postern.show(
        postern.api().send("POST", of(account) + "/restore", body), List.of("restored", "mailbox"));
  }
}
