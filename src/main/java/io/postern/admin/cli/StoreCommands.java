package io.postern.admin.cli;

import static io.postern.admin.cli.api.AdminApi.path;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.admin.cli.api.CommandFailure;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
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

  /** Adds up the pages of a verification, and prints what is wrong as it is found. */
  private static final class Verified implements Consumer<JsonNode> {
    private final PosternCommand postern;
    private long mailboxes;
    private long messages;
    private long unowned;
    private long findings;

    Verified(PosternCommand postern) {
      this.postern = postern;
    }

    @Override
    public void accept(JsonNode page) {
      mailboxes += page.path("mailboxes").asLong();
      messages += page.path("messages").asLong();
      unowned += page.path("unownedContents").asLong();
      for (var finding : page.path("findings")) {
        findings++;
        postern
            .out()
            .println(
                postern.isJson()
                    ? finding.toString()
                    : "account %d, mailbox %d: %s"
                        .formatted(
                            finding.path("account").asLong(),
                            finding.path("mailbox").asLong(),
                            finding.path("problem").asText()));
      }
      var next = page.path("next").asText("");
      if (!next.isEmpty()) {
        postern
            .err()
            .println("Verified %d mailboxes; --after %s goes on".formatted(mailboxes, next));
        postern.err().flush();
      }
    }

    /** Prints the sums; fails if something is wrong. */
    void finish() {
      postern.done(
          "%d mailboxes with %d messages: %d findings, %d contents that no message has"
              .formatted(mailboxes, messages, findings, unowned));
      if (findings > 0) {
        throw new CommandFailure("The store is not consistent: findings=" + findings);
      }
    }
  }
}
