package io.postern.admin;

import static io.postern.admin.security.Roles.ADMIN;
import static io.postern.admin.security.Roles.SERVER_ADMIN;
import static io.postern.admin.security.Roles.VIEWER;

import io.postern.admin.security.ProblemException;
import io.postern.site.move.MoveRequests;
import io.postern.store.move.MoveJobs.Job;
import io.postern.store.move.MoveJobs.Phase;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Moves of accounts to other sites. */
@Path("/admin/v1/moves")
@Tag(name = "Moves", description = "Moves of accounts from this site to others, while in use")
@RolesAllowed({ADMIN, SERVER_ADMIN, VIEWER})
public class MovesResource {
  /** How many moves are listed: the newest. */
  private static final int LISTED = 1_000;

  private static final Set<Phase> MOVED = EnumSet.of(Phase.KICK, Phase.GRACE, Phase.DONE);

  private final MoveRequests moves;

  MovesResource(MoveRequests moves) {
    this.moves = moves;
  }

  /**
   * What is asked for.
   *
   * @param account its name
   * @param destination the name of the site that it moves to
   */
  public record Request(Optional<String> account, Optional<String> destination) {}

  /**
   * A move.
   *
   * @param percent of the octets that there were at its beginning; 0 to 100
   * @param inUseAtDestination whether users log in there
   * @param frozenMillis how long changes were refused
   * @param problem why it was put off, or has failed
   */
  public record Move(
      UUID id,
      String account,
      String destination,
      String phase,
      int percent,
      long contents,
      long octets,
      int rounds,
      boolean inUseAtDestination,
      Instant requested,
      Optional<Instant> finished,
      Optional<Long> frozenMillis,
      Optional<String> problem) {
    static Move of(Job job) {
      var progress = job.progress();
      long all = Math.max(1, progress.allOctets());
      boolean moved = MOVED.contains(job.phase());
      return new Move(
          job.ticket().move(),
          job.name(),
          job.destination(),
          job.phase().label(),
          moved ? 100 : (int) Math.min(99, progress.octets() * 100 / all),
          progress.contents(),
          progress.octets(),
          progress.rounds(),
          moved,
          job.requested(),
          job.finished(),
          job.frozen().map(Duration::toMillis),
          job.problem());
    }
  }

  /** Requests a move. */
  @POST
  @RolesAllowed(ADMIN)
  @Operation(
      summary = "Move an account of this site to another one",
      description =
          "It begins within seconds and goes on after a restart, on any replica. The account stays in"
              + " use; for at most 10 s changes are refused, then its sessions are ended, and new"
              + " logins reach the other site. The old copy is kept for mail.site.move-grace")
  @APIResponse(responseCode = "202", description = "Location is the URL of its progress")
  @APIResponse(responseCode = "404", description = "There is no such account here")
  @APIResponse(
      responseCode = "409",
      description =
          "The account is being moved already or is at that site, or that site cannot be reached or"
              + " has another version")
  public Uni<Response> request(Request request) {
    var account = required("account", request.account());
    return moves
        .request(account, required("destination", request.destination()))
        .map(
            job ->
                job.map(MovesResource::accepted)
                    .orElseThrow(
                        () ->
                            ProblemException.notFound(
                                "There is no account \"" + account + "\" at this site")));
  }

  private static String required(String field, Optional<String> value) {
    return value
        .filter(it -> !it.isBlank())
        .orElseThrow(() -> ProblemException.parameter(field, "", "a name"));
  }

  private static Response accepted(Job job) {
    var location =
        UriBuilder.fromResource(MovesResource.class)
            .segment(job.ticket().move().toString())
            .build();
    return Response.accepted(Move.of(job)).location(location).build();
  }

  /** Lists the newest moves. */
  @GET
  @Operation(summary = "List the newest moves from this site, 1,000 at most")
  public Uni<CursorPage<Move>> list() {
    return moves.list(LISTED).map(jobs -> CursorPage.all(jobs.stream().map(Move::of).toList()));
  }

  /** Returns one move. */
  @GET
  @Path("{id}")
  @Operation(summary = "Show the progress of a move")
  @APIResponse(responseCode = "404", description = "There is no such move")
  public Uni<Move> get(@PathParam("id") String id) {
    return Uni.createFrom()
        .item(() -> id(id))
        .flatMap(moves::find)
        .map(found -> found.map(Move::of).orElseThrow(() -> missing(id)));
  }

  private static ProblemException missing(String id) {
    return ProblemException.notFound("There is no move \"" + id + "\"");
  }

  private static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      // Not an id: no move has it.
      throw missing(text);
    }
  }

  /** Cancels a move. */
  @DELETE
  @Path("{id}")
  @RolesAllowed(ADMIN)
  @Operation(summary = "Cancel a move", description = "What was copied is removed again")
  @APIResponse(responseCode = "202", description = "It ends within seconds")
  @APIResponse(responseCode = "409", description = "Its home is being changed, or it has ended")
  public Uni<Response> cancel(@PathParam("id") String id) {
    return Uni.createFrom()
        .item(() -> id(id))
        .flatMap(moves::cancel)
        .map(
            done -> {
              if (!done) {
                throw ProblemException.conflict("The move \"" + id + "\" cannot be cancelled now");
              }
              return Response.accepted().build();
            });
  }
}
