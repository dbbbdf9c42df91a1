package io.postern.admin.cli;

import static io.postern.admin.cli.api.AdminApi.path;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Mailbox plans. Exchange: Set-CASMailboxPlan and Set-MailboxPlan. */
@Command(name = "plans", description = "What accounts have where nothing is set for them.")
final class PlanCommands {
  private static final String PLANS = "mailbox-plans";
  private static final List<String> FIELDS =
      List.of("name", "byDefault", "imapEnabled", "popEnabled", "deletedItemRetentionDays");

  private final PosternCommand postern;

  PlanCommands(PosternCommand postern) {
    this.postern = postern;
  }

  @Command(name = "list", description = "List the mailbox plans, by name.")
  void list() {
    postern.list(PLANS, Map.of(), FIELDS);
  }

  @Command(name = "show", description = "Show a mailbox plan; --json shows all of it.")
  void show(@Parameters(paramLabel = "NAME") String name) {
    postern.show(postern.api().get(path(PLANS, name), Map.of()), FIELDS);
  }

  /** All of a plan. */
  static final class Plan {
    @Option(names = "--default", description = "New accounts get it; the one before no longer is")
    private boolean byDefault;

    @Option(
        names = "--imap",
        arity = "1",
        paramLabel = "BOOL",
        description = "Whether IMAP may open its accounts")
    private Optional<Boolean> imap = Optional.empty();

    @Option(
        names = "--pop",
        arity = "1",
        paramLabel = "BOOL",
        description = "Whether POP3 may open its accounts")
    private Optional<Boolean> pop = Optional.empty();

    @Option(
        names = "--imap-setting",
        paramLabel = "FIELD=VALUE",
        description = "As in protocol-settings, messageRetrievalMimeFormat=text-only")
    private Map<String, String> imapSettings = Map.of();

    @Option(names = "--pop-setting", paramLabel = "FIELD=VALUE", description = "The same for POP3")
    private Map<String, String> popSettings = Map.of();

    @Option(names = "--warning", paramLabel = "OCTETS", description = "To warn users from")
    private Optional<Long> warning = Optional.empty();

    @Option(
        names = "--prohibit-send",
        paramLabel = "OCTETS",
        description = "From which users may send no mail")
    private Optional<Long> prohibitSend = Optional.empty();

    @Option(names = "--prohibit-receive", paramLabel = "OCTETS", description = "The most octets")
    private Optional<Long> prohibitReceive = Optional.empty();

    @Option(names = "--messages", paramLabel = "N", description = "The most messages")
    private Optional<Long> messages = Optional.empty();

    @Option(
        names = "--deleted-item-days",
        paramLabel = "N",
        description = "For how many days expunged mail can be restored")
    private Optional<Integer> days = Optional.empty();

    Map<String, Object> body() {
      var body = new LinkedHashMap<String, Object>();
      body.put("byDefault", byDefault);
      imap.ifPresent(it -> body.put("imapEnabled", it));
      pop.ifPresent(it -> body.put("popEnabled", it));
      settings(imapSettings).ifPresent(it -> body.put("imap", it));
      settings(popSettings).ifPresent(it -> body.put("pop3", it));
      var quota = new LinkedHashMap<String, Object>();
      warning.ifPresent(it -> quota.put("issueWarningQuota", it));
      prohibitSend.ifPresent(it -> quota.put("prohibitSendQuota", it));
      prohibitReceive.ifPresent(it -> quota.put("prohibitSendReceiveQuota", it));
      messages.ifPresent(it -> quota.put("maxMessages", it));
      body.put("quota", quota);
      days.ifPresent(it -> body.put("deletedItemRetentionDays", it));
      return body;
    }

    /** With useProtocolDefaults false, without which they have no effect. */
    private static Optional<Map<String, Object>> settings(Map<String, String> given) {
      var settings = new LinkedHashMap<String, Object>();
      settings.put("useProtocolDefaults", false);
      given.forEach((field, value) -> settings.put(field, typed(value)));
      return Optional.<Map<String, Object>>of(settings).filter(_ -> !given.isEmpty());
    }

    private static Object typed(String value) {
      return value.matches("true|false") ? Boolean.valueOf(value) : value;
    }
  }

  @Command(
      name = "set",
      description = {
        "Create or replace a mailbox plan; what is not given is permitted, or left to the settings.",
        "In effect at once for its accounts that have no value of their own."
      })
  void set(@Parameters(paramLabel = "NAME") String name, @Mixin Plan plan) {
    postern.show(postern.api().send("PUT", path(PLANS, name), plan.body()), FIELDS);
  }

  @Command(name = "delete", description = "Delete a mailbox plan that no account has.")
  void delete(
      @Parameters(paramLabel = "NAME") String name,
      @Option(names = "--yes", description = "Do not ask") boolean yes) {
    postern.confirm("Delete the mailbox plan " + name + "?", yes);
    postern.api().send("DELETE", path(PLANS, name));
    postern.done("The mailbox plan " + name + " is deleted.");
  }
}
