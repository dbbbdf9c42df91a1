package io.postern.admin.cli;

import static io.postern.admin.cli.api.AdminApi.path;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Who may open an account with a password of their own. */
@Command(
    name = "delegates",
    description = "Accounts that may open another account's mailboxes with their own password.")
final class DelegateCommands {
  private final PosternCommand postern;

  DelegateCommands(PosternCommand postern) {
    this.postern = postern;
  }

  private static String of(String account) {
    return path("accounts", account, "grants");
  }

  @Command(name = "list", description = "List the delegates of an account.")
  void list(@Parameters(paramLabel = "ACCOUNT") String account) {
    postern.list(of(account), Map.of(), List.of("delegate"));
  }

  @Command(name = "add", description = "Permit a delegate.")
  void add(
      @Parameters(paramLabel = "ACCOUNT") String account,
      @Parameters(paramLabel = "DELEGATE") String delegate) {
    postern.api().send("PUT", of(account) + "/" + path(delegate));
    postern.done(delegate + " may open " + account + ".");
  }

  @Command(name = "remove", description = "Withdraw the permission; the delegate's sessions end.")
  void remove(
      @Parameters(paramLabel = "ACCOUNT") String account,
      @Parameters(paramLabel = "DELEGATE") String delegate) {
    postern.api().send("DELETE", of(account) + "/" + path(delegate));
    postern.done(delegate + " may no longer open " + account + ".");
  }
}
