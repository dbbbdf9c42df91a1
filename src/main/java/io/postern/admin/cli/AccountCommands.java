package io.postern.admin.cli;

import static io.postern.admin.cli.api.AdminApi.path;

import io.postern.admin.cli.api.CommandFailure;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Accounts and what they may do. */
@Command(name = "accounts", description = "Accounts and what they may do.")
final class AccountCommands {
  private static final String ACCOUNTS = "accounts";
  private static final String DELETED = "deleted-accounts";
  private static final List<String> FIELDS =
      List.of("name", "enabled", "imapEnabled", "popEnabled", "administrator", "plan");

  private final PosternCommand postern;

  AccountCommands(PosternCommand postern) {
    this.postern = postern;
  }

  @Command(name = "list", description = "List the accounts, by name.")
  void list() {
    postern.list(ACCOUNTS, Map.of(), FIELDS);
  }

  @Command(name = "show", description = "Show an account.")
  void show(@Parameters(paramLabel = "NAME") String name) {
    postern.show(postern.api().get(path(ACCOUNTS, name), Map.of()), FIELDS);
  }

  @Command(name = "create", description = "Create an account with INBOX and the default folders.")
  void create(
      @Parameters(paramLabel = "NAME", description = "Its address, the login name") String name,
      @Option(
              names = "--password-file",
              paramLabel = "FILE",
              description = "A file whose first line is the password; - is standard input")
          Optional<Path> password,
      @Option(
              names = "--plan",
              paramLabel = "PLAN",
              description = "Its mailbox plan; the default one, if there is one, without")
          Optional<String> plan) {
    var body = new LinkedHashMap<String, Object>();
    body.put("name", name);
    body.put("password", postern.secret("password", password));
    plan.ifPresent(it -> body.put("plan", it));
    postern.show(postern.api().send("POST", ACCOUNTS, body), FIELDS);
  }

  /** What changes. */
  static final class Change {
    @Option(
        names = "--enabled",
        arity = "1",
        paramLabel = "BOOL",
        description = "Whether users may log in")
    private Optional<Boolean> enabled = Optional.empty();

    @Option(
        names = "--imap",
        arity = "1",
        paramLabel = "BOOL",
        description = "Whether IMAP may open it, whatever its plan says")
    private Optional<Boolean> imap = Optional.empty();

    @Option(
        names = "--pop",
        arity = "1",
        paramLabel = "BOOL",
        description = "Whether POP3 may open it, whatever its plan says")
    private Optional<Boolean> pop = Optional.empty();

    @Option(
        names = "--deleted-item-days",
        paramLabel = "N",
        description = "For how many days expunged mail can be restored")
    private Optional<Integer> days = Optional.empty();

    @Option(names = "--plan", paramLabel = "PLAN", description = "Its mailbox plan; empty for none")
    private Optional<String> plan = Optional.empty();

    @Option(
        names = "--inherit",
        paramLabel = "FIELD",
        split = ",",
        description = "The plan decides again: imapEnabled, popEnabled, deletedItemRetentionDays")
    private List<String> inherit = List.of();

    Map<String, Object> body() {
      var body = new LinkedHashMap<String, Object>();
      enabled.ifPresent(it -> body.put("enabled", it));
      imap.ifPresent(it -> body.put("imapEnabled", it));
      pop.ifPresent(it -> body.put("popEnabled", it));
      days.ifPresent(it -> body.put("deletedItemRetentionDays", it));
      plan.ifPresent(it -> body.put("plan", it));
      if (!inherit.isEmpty()) {
        body.put("inherit", inherit);
      }
      return body;
    }
  }

  @Command(
      name = "change",
      description = {
        "Change what is set for an account; what is not given stays.",
        "Sessions that are no longer permitted end at once, on all nodes."
      })
  void change(
      @Parameters(paramLabel = "NAME") String name,
      @Mixin Change change,
      @Option(
              names = "--administrator",
              arity = "1",
              paramLabel = "BOOL",
              description = "Whether mail protocols refuse to open it")
          Optional<Boolean> administrator) {
    var body = change.body();
    administrator.ifPresent(it -> body.put("administrator", it));
    if (body.isEmpty()) {
      throw new CommandFailure("Nothing to change: give an option; see --help");
    }
    postern.show(postern.api().send("PATCH", path(ACCOUNTS, name), body), FIELDS);
  }

  /** What all accounts of a filter have in common. */
  static final class Filter {
    @Option(names = "--domain", paramLabel = "DOMAIN", description = "Only names of this domain")
    private Optional<String> domain = Optional.empty();

    @Option(names = "--prefix", paramLabel = "TEXT", description = "Only names that begin so")
    private Optional<String> prefix = Optional.empty();

    @Option(names = "--if-enabled", arity = "1", paramLabel = "BOOL", description = "Only those")
    private Optional<Boolean> enabled = Optional.empty();

    @Option(names = "--if-imap", arity = "1", paramLabel = "BOOL", description = "Only those")
    private Optional<Boolean> imap = Optional.empty();

    @Option(names = "--if-pop", arity = "1", paramLabel = "BOOL", description = "Only those")
    private Optional<Boolean> pop = Optional.empty();

    @Option(names = "--if-plan", paramLabel = "PLAN", description = "Only those; empty for none")
    private Optional<String> plan = Optional.empty();

    Map<String, Object> body() {
      var body = new LinkedHashMap<String, Object>();
      plan.ifPresent(it -> body.put("plan", it));
      domain.ifPresent(it -> body.put("domain", it));
      prefix.ifPresent(it -> body.put("prefix", it));
      enabled.ifPresent(it -> body.put("enabled", it));
      imap.ifPresent(it -> body.put("imapEnabled", it));
      pop.ifPresent(it -> body.put("popEnabled", it));
      return body;
    }
  }

  @Command(
      name = "change-all",
      description = {
        "Change what all accounts of a filter may do; what is not given stays.",
        "Prints their names. An interrupted run goes on with --after."
      })
  void changeAll(
      @Mixin Filter filter,
      @Mixin Change options,
      @Option(names = "--after", paramLabel = "NAME", description = "Only names behind this one")
          Optional<String> after,
      @Option(names = "--yes", description = "Do not ask") boolean yes) {
    var change = options.body();
    if (change.isEmpty()) {
      throw new CommandFailure("Nothing to change: give an option; see --help");
    }
    var which = filter.body().isEmpty() ? "all accounts" : "all accounts with " + filter.body();
    postern.confirm("Set " + change + " of " + which + "?", yes);
    new BulkChanges(postern).run(filter.body(), change, after);
  }

  @Command(
      name = "password",
      description = "Set the password; the account's sessions end, its app passwords are kept.")
  void password(
      @Parameters(paramLabel = "NAME") String name,
      @Option(
              names = "--password-file",
              paramLabel = "FILE",
              description = "A file whose first line is the password; - is standard input")
          Optional<Path> password) {
    var body = Map.of("password", postern.secret("new password", password));
    postern.api().send("PUT", path(ACCOUNTS, name, "password"), body);
    postern.done("The password of " + name + " is set.");
  }

  @Command(
      name = "delete",
      description = "Delete an account; it can be restored for mail.retention.mailbox.")
  void delete(
      @Parameters(paramLabel = "NAME") String name,
      @Option(names = "--yes", description = "Do not ask") boolean yes) {
    postern.confirm("Delete " + name + " and end its sessions?", yes);
    postern.api().send("DELETE", path(ACCOUNTS, name));
    postern.done(name + " is deleted; accounts restore brings it back.");
  }

  @Command(name = "deleted", description = "List the deleted accounts that are kept.")
  void deleted() {
    postern.list(DELETED, Map.of(), List.of("name", "deleted", "keptUntil", "purging"));
  }

  @Command(name = "restore", description = "Restore a deleted account with its mail.")
  void restore(@Parameters(paramLabel = "NAME") String name) {
    postern.api().send("POST", path(DELETED, name, "restore"));
    postern.done(name + " is restored.");
  }
}
