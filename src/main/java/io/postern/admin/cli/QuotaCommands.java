package io.postern.admin.cli;

import static io.postern.admin.cli.api.AdminApi.path;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Usage and quotas of accounts. */
@Command(name = "quota", description = "How much mail an account keeps, and may keep.")
final class QuotaCommands {
  private static final List<String> LEVELS =
      List.of("issueWarningQuota", "prohibitSendQuota", "prohibitSendReceiveQuota", "maxMessages");

  private final PosternCommand postern;

  QuotaCommands(PosternCommand postern) {
    this.postern = postern;
  }

  @Command(name = "show", description = "Show usage and levels; * marks those of the account.")
  void show(@Parameters(paramLabel = "ACCOUNT") String account) {
    print(postern.api().get(path("accounts", account, "quota"), Map.of()));
  }

  @Command(
      name = "set",
      description = "Set all levels of an account; those that are not given are the defaults.")
  void set(
      @Parameters(paramLabel = "ACCOUNT") String account,
      @Option(names = "--warning", paramLabel = "OCTETS", description = "To warn the user from")
          Optional<Long> warning,
      @Option(
              names = "--prohibit-send",
              paramLabel = "OCTETS",
              description = "From which the user may send no mail")
          Optional<Long> prohibitSend,
      @Option(names = "--prohibit-receive", paramLabel = "OCTETS", description = "The most octets")
          Optional<Long> prohibitReceive,
      @Option(names = "--messages", paramLabel = "N", description = "The most messages")
          Optional<Long> messages) {
    var body = new LinkedHashMap<String, Object>();
    warning.ifPresent(it -> body.put("issueWarningQuota", it));
    prohibitSend.ifPresent(it -> body.put("prohibitSendQuota", it));
    prohibitReceive.ifPresent(it -> body.put("prohibitSendReceiveQuota", it));
    messages.ifPresent(it -> body.put("maxMessages", it));
    print(postern.api().send("PUT", path("accounts", account, "quota"), body));
  }

  private void print(JsonNode quota) {
    if (postern.isJson()) {
      postern.out().println(quota.toPrettyString());
      return;
    }
    postern
        .out()
        .println(
            "%d octets in %d messages: %s"
                .formatted(
                    quota.path("octets").asLong(),
                    quota.path("messages").asLong(),
                    quota.path("state").asText()));
    for (var level : LEVELS) {
      var value = quota.path("inForce").path(level);
      if (!value.isMissingNode()) {
        var own = quota.path("own").has(level) ? " *" : "";
        postern.out().println(level + " " + value.asText() + own);
      }
    }
  }
}
