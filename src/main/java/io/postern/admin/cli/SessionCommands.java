package io.postern.admin.cli;

import static io.postern.admin.cli.api.AdminApi.path;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Open sessions. */
@Command(name = "sessions", description = "Open sessions of the node that answers.")
final class SessionCommands {
  private static final List<String> FIELDS =
      List.of("id", "protocol", "user", "remote", "local", "secure", "since", "node");

  private final PosternCommand postern;

  SessionCommands(PosternCommand postern) {
    this.postern = postern;
  }

  @Command(name = "list", description = "List the sessions that match all options.")
  void list(
      @Option(names = "--user", paramLabel = "NAME", description = "Only of this login name")
          Optional<String> user,
      @Option(
              names = "--protocol",
              paramLabel = "PROTOCOL",
              description = "Only of imap, pop3 or lmtp")
          Optional<String> protocol,
      @Option(
              names = "--address",
              paramLabel = "ADDRESS",
              description = "Only from this address, or network in CIDR notation")
          Optional<String> address) {
    var query = new LinkedHashMap<String, String>();
    user.ifPresent(it -> query.put("user", it));
    protocol.ifPresent(it -> query.put("protocol", it));
    address.ifPresent(it -> query.put("address", it));
    postern.list("sessions", query, FIELDS);
  }

  @Command(name = "end", description = "End a session of this node between two of its commands.")
  void end(@Parameters(paramLabel = "ID") String id) {
    postern.api().send("DELETE", path("sessions", id));
    postern.done("The session " + id + " is asked to end.");
  }

  @Command(name = "end-all", description = "End all sessions of an account, on all nodes.")
  void endAll(@Parameters(paramLabel = "ACCOUNT") String account) {
    postern.api().send("DELETE", path("accounts", account, "sessions"));
    postern.done("The sessions of " + account + " are asked to end.");
  }
}
