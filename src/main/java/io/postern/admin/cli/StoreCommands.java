package io.postern.admin.cli;

import static io.postern.admin.cli.api.AdminApi.path;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks and repairs of the store. */
@Command(name = "store", description = "Checks of the store, and renewals of UIDVALIDITY.")
final class StoreCommands {
  private static final String VERIFICATION = "store-verification";
  private static final String RENEWALS = "uid-validity-renewals";

  private final PosternCommand postern;

  StoreCommands(PosternCommand postern) {
    this.postern = postern;
  }

  @Command(
      name = "verify",
      description = {
        "Check formats, checksums, counters, mod-sequences and owners of all mailboxes.",
        "Changes nothing; exit code 1 if something is wrong."
      })
  void verify(
      @Option(
              names = "--after",
              paramLabel = "ACCOUNT-MAILBOX",
              description = "Go on behind this mailbox: where an earlier run was interrupted")
          Optional<String> after) {
    var sum = new Verified(postern);
    postern.api().pages(VERIFICATION, after.map(it -> Map.of("after", it)).orElse(Map.of()), sum);
    sum.finish();
  }

  @Command(
      name = "renew-uid-validity",
      description = {
        "Renew the UIDVALIDITY of an account, or of all: clients read its mailboxes anew.",
        "After the database was restored to an earlier moment."
      })
  void renew(
      @Parameters(paramLabel = "ACCOUNT", arity = "0..1", description = "All accounts if absent")
          Optional<String> account,
      @Option(names = "--yes", description = "Do not ask") boolean yes) {
    postern.confirm("Renew the UIDVALIDITY of " + account.orElse("all accounts") + "?", yes);
    if (account.isPresent()) {
      var renewed = postern.api().send("POST", path("accounts", account.get(), "uid-validity"));
      postern.show(renewed, List.of("mailboxes"));
    } else {
      postern.show(postern.api().send("POST", RENEWALS), List.of("id"));
    }
  }

  @Command(name = "renewals", description = "List the renewals of all accounts, with progress.")
  void renewals() {
    postern.list(
        RENEWALS,
        Map.of(),
        List.of("id", "requested", "accounts", "accountsRenewed", "mailboxesRenewed", "finished"));
  }
}
