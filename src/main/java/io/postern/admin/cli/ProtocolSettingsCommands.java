package io.postern.admin.cli;

import static io.postern.admin.cli.api.AdminApi.path;

import io.postern.admin.cli.api.CommandFailure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How the messages of accounts are shown. Exchange: Set-CASMailbox. */
@Command(name = "protocol-settings", description = "How an account's messages are shown.")
final class ProtocolSettingsCommands {
  private static final List<String> FIELDS =
      List.of(
          "useProtocolDefaults",
          "messageRetrievalMimeFormat",
          "calendarItemRetrievalOption",
          "suppressReadReceipt",
          "forceICalForCalendarRetrievalOption");

  private final PosternCommand postern;

  ProtocolSettingsCommands(PosternCommand postern) {
    this.postern = postern;
  }

  private static String settings(String account, String protocol) {
    return path("accounts", account, "protocol-settings", protocol);
  }

  @Command(name = "show", description = "Show how messages are shown over imap or pop3.")
  void show(
      @Parameters(paramLabel = "ACCOUNT") String account,
      @Parameters(paramLabel = "PROTOCOL") String protocol) {
    postern.show(postern.api().get(settings(account, protocol), Map.of()), FIELDS);
  }

  @Command(
      name = "set",
      description = "Change how messages are shown over imap or pop3; what is not given stays.")
  void set(
      @Parameters(paramLabel = "ACCOUNT") String account,
      @Parameters(paramLabel = "PROTOCOL") String protocol,
      @Option(
              names = "--use-defaults",
              arity = "1",
              paramLabel = "BOOL",
              description = "Whether the server decides: the others need false")
          Optional<Boolean> defaults,
      @Option(names = "--format", paramLabel = "FORMAT", description = "text-only, html-only, …")
          Optional<String> format,
      @Option(names = "--calendar", paramLabel = "FORM", description = "icalendar, custom, …")
          Optional<String> calendar,
      @Option(
              names = "--suppress-read-receipt",
              arity = "1",
              paramLabel = "BOOL",
              description = "Whether requests for read receipts are hidden")
          Optional<Boolean> receipts,
      @Option(
              names = "--force-icalendar",
              arity = "1",
              paramLabel = "BOOL",
              description = "Whether meeting requests are always iCalendar")
          Optional<Boolean> force) {
    var body = new LinkedHashMap<String, Object>();
    var values = List.of(defaults, format, calendar, receipts, force);
    for (int i = 0; i < FIELDS.size(); i++) {
      var field = FIELDS.get(i);
      values.get(i).ifPresent(value -> body.put(field, value));
    }
    if (body.isEmpty()) {
      throw new CommandFailure("Nothing to change: give an option; see --help");
    }
    postern.show(postern.api().send("PATCH", settings(account, protocol), body), FIELDS);
  }
}
