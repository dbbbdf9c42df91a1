package io.postern.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.admin.cli.api.AdminApi;
import io.postern.admin.cli.api.CommandFailure;
import io.postern.admin.cli.output.ProgressLine;
import io.postern.admin.cli.output.Table;
import io.postern.transfer.Progress;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The root of the command line: the options of all commands, and what they share. */
@Command(
    name = "postern",
    description = "Administers running Postern servers over their administration API.",
    synopsisSubcommandLabel = "GROUP COMMAND",
    footer = {
      "",
      "Exit codes: 0 done, 1 refused or failed, 2 wrong usage.",
      "Environment: POSTERN_URL, POSTERN_TOKEN, POSTERN_TOKEN_FILE."
    })
final class PosternCommand {
  private static final String TOKEN = "POSTERN_TOKEN";
  private static final String TOKEN_FILE = "POSTERN_TOKEN_FILE";

  /** Hosts that are this machine, without a look-up of names. */
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]", Pattern.CASE_INSENSITIVE);

  private final Map<String, String> environment;
  private final CommandLine line;
  private URI url = URI.create("http://127.0.0.1:8080");
  private Optional<Path> tokenFile = Optional.empty();
  private boolean json;

  PosternCommand(Map<String, String> environment) {
    this.environment = environment;
    this.line = new CommandLine(this);
  }

  @Option(
      names = "--url",
      paramLabel = "URL",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:POSTERN_URL:-http://127.0.0.1:8080}",
      description = "The admin API. Default: ${DEFAULT-VALUE}")
  void url(URI given) {
    if (given.getHost() == null || !String.valueOf(given.getScheme()).matches("https?")) {
      throw new ParameterException(
          line, "--url is \"" + given + "\", but http://HOST:PORT is needed");
    }
    url = given;
  }

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "A file with the token of the admin API. Default: POSTERN_TOKEN_FILE")
  void tokenFile(Path file) {
    tokenFile = Optional.of(file);
  }

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print the answers of the API as JSON, not as tables")
  void json(boolean given) {
    json = given;
  }

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help")
  void help(boolean given) {}

  @Command(
      name = "completion",
      description = {"Print a completion script for bash and zsh.", "source <(postern completion)"})
  void completion() {
    out().println(AutoComplete.bash("postern", line));
  }

  /** The API, with the token. Fails if there is none. */
  AdminApi api() {
    var api = new AdminApi(url, token());
    if (exposes(url)) {
      line.getErr()
          .println("postern: the token is sent to " + url.getHost() + " unencrypted; use https");
    }
    return api;
  }

  /** Whether others on the way could read the token: it is sent unencrypted to another machine. */
  static boolean exposes(URI server) {
    return server.getScheme().equals("http") && !LOOPBACK.matcher(server.getHost()).matches();
  }

  private String token() {
    var file = tokenFile.or(() -> Optional.ofNullable(environment.get(TOKEN_FILE)).map(Path::of));
    var token =
        file.map(PosternCommand::read)
            .or(() -> Optional.ofNullable(environment.get(TOKEN)).map(String::strip));
    return token
        .filter(it -> !it.isEmpty())
        .orElseThrow(
            () ->
                new CommandFailure(
                    "There is no token: set POSTERN_TOKEN or POSTERN_TOKEN_FILE, or give"
                        + " --token-file"));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new CommandFailure("The file " + file + " cannot be read: " + e, e);
    }
  }

  /**
   * A secret: the first line of a file, of standard input if the file is {@code -}, or what is
   * typed at the terminal without being shown.
   */
  String secret(String what, Optional<Path> file) {
    if (file.isPresent()) {
      return file.get().toString().equals("-") ? input() : firstLine(read(file.get()));
    }
    var typed = terminal().map(it -> it.readPassword("%s: ", what));
    return typed
        .map(String::new)
        .orElseThrow(
            () ->
                new CommandFailure(
                    "Give the " + what + " by --password-file FILE, or - to pipe it"));
  }

  private static String input() {
    try {
      return firstLine(new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new CommandFailure("Standard input cannot be read: " + e, e);
    }
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  /** Fails unless the person agrees. */
  void confirm(String question, boolean agreed) {
    if (agreed) {
      return;
    }
    var answer = terminal().map(it -> it.readLine("%s [y/N] ", question)).orElse("");
    if (!"y".equalsIgnoreCase(answer.strip())) {
      throw new CommandFailure("Nothing was changed; add --yes to agree");
    }
  }

  private static Optional<Console> terminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal);
  }

  /** Prints all pages of a list. */
  void list(String path, Map<String, String> query, List<String> fields) {
    var table = new Table(fields);
    api()
        .pages(
            path,
            query,
            page -> {
              for (var item : page.path("items")) {
                if (json) {
                  out().println(item);
                } else {
                  table.add(item);
                }
              }
            });
    if (!json) {
      table.lines().forEach(out()::println);
    }
  }

  /** Prints one item. */
  void show(JsonNode item, List<String> fields) {
    if (json) {
      out().println(item.toPrettyString());
    } else {
      var table = new Table(fields);
      table.add(item);
      table.lines().forEach(out()::println);
    }
  }

  /** Prints what a transfer did. */
  void count(Progress.Count count, String verb) {
    if (json) {
      out()
          .println(
              "{\"read\":%d,\"%s\":%d,\"present\":%d,\"refused\":%d,\"octets\":%d}"
                  .formatted(
                      count.read(),
                      verb,
                      count.added(),
                      count.present(),
                      count.refused(),
                      count.octets()));
    } else {
      out()
          .println(
              "%d messages: %d %s, %d present before, %d refused"
                  .formatted(count.read(), count.added(), verb, count.present(), count.refused()));
    }
  }

  /** Shows how far a transfer is, beside the results. */
  ProgressLine progress(String label) {
    return new ProgressLine(err(), label, terminal().isPresent());
  }

  /** Prints that a change was made. */
  void done(String text) {
    if (!json) {
      out().println(text);
    }
  }

  CommandLine line() {
    return line;
  }

  boolean isJson() {
    return json;
  }

  PrintWriter out() {
    return line.getOut();
  }

  PrintWriter err() {
    return line.getErr();
  }
}
