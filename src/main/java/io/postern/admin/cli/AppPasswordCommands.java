package io.postern.admin.cli;

import static io.postern.admin.cli.api.AdminApi.path;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Passwords of single programs. */
@Command(name = "app-passwords", description = "Passwords of single programs of an account.")
final class AppPasswordCommands {
  private final PosternCommand postern;

  AppPasswordCommands(PosternCommand postern) {
    this.postern = postern;
  }

  private static String of(String account) {
    return path("accounts", account, "app-passwords");
  }

  @Command(name = "list", description = "List them, without the secrets.")
  void list(@Parameters(paramLabel = "ACCOUNT") String account) {
    postern.list(of(account), Map.of(), List.of("name", "created", "lastUsed"));
  }

  @Command(name = "create", description = "Create one, and show its secret this once.")
  void create(
      @Parameters(paramLabel = "ACCOUNT") String account,
      @Parameters(paramLabel = "NAME", description = "What it is for, such as phone") String name) {
    postern.show(
        postern.api().send("POST", of(account), Map.of("name", name)), List.of("name", "password"));
  }

  @Command(name = "revoke", description = "Revoke one; the account's sessions end, on all nodes.")
  void revoke(
      @Parameters(paramLabel = "ACCOUNT") String account,
      @Parameters(paramLabel = "NAME") String name) {
    postern.api().send("DELETE", of(account) + "/" + path(name));
    postern.done("The app password " + name + " of " + account + " is revoked.");
  }
}
