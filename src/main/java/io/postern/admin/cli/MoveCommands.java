package io.postern.admin.cli;

import static io.postern.admin.cli.api.AdminApi.path;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.admin.cli.api.CommandFailure;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moves of accounts to other sites. */
@Command(name = "move", description = "Moves of accounts to other sites while they are in use.")
final class MoveCommands {
  private static final String MOVES = "moves";
  private static final List<String> COLUMNS =
      List.of("id", "account", "destination", "phase", "percent", "frozenMillis", "problem");

  private final PosternCommand postern;

  MoveCommands(PosternCommand postern) {
    this.postern = postern;
  }

  @Command(
      name = "start",
      description = {
        "Move an account to another site.",
        "It stays in use; only at the end changes are refused for some seconds, and its sessions"
            + " are asked to reconnect."
      })
  void start(
      @Parameters(paramLabel = "ACCOUNT", description = "The account's name") String account,
      @Parameters(paramLabel = "SITE", description = "The name of the other site") String site,
      @Option(names = "--wait", description = "Show the progress until it has moved")
          boolean wait) {
    var move = postern.api().send("POST", MOVES, Map.of("account", account, "destination", site));
    postern.show(wait ? awaited(move) : move, COLUMNS);
  }

  /** Polls the move until it has ended, and prints each step to the standard error. */
  private JsonNode awaited(JsonNode started) {
    var move = started;
    var shown = "";
    while (!move.path("inUseAtDestination").asBoolean() && move.path("finished").isNull()) {
      var now = move.path("phase").asText() + " " + move.path("percent").asText() + " %";
      if (!now.equals(shown)) {
        postern.err().println(now);
        shown = now;
      }
      pause();
      move = postern.api().get(path(MOVES, move.path("id").asText()), Map.of());
    }
    if (!move.path("inUseAtDestination").asBoolean()) {
      throw new CommandFailure("The account was not moved: " + move.path("problem").asText());
    }
    return move;
  }

  private static void pause() {
    try {
      TimeUnit.SECONDS.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("Interrupted; the move goes on");
    }
  }

  @Command(name = "list", description = "List the newest moves from this site.")
  void list() {
    postern.list(MOVES, Map.of(), COLUMNS);
  }

  @Command(name = "show", description = "Show a move.")
  void show(@Parameters(paramLabel = "ID", description = "The move's id") String id) {
    postern.show(postern.api().get(path(MOVES, id), Map.of()), COLUMNS);
  }

  @Command(
      name = "cancel",
      description = "Cancel a move; not possible any more when the home is being changed.")
  void cancel(@Parameters(paramLabel = "ID", description = "The move's id") String id) {
    postern.api().send("DELETE", path(MOVES, id));
  }
}
