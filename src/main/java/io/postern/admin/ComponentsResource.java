package io.postern.admin;

import static io.postern.admin.security.Roles.ADMIN;
import static io.postern.admin.security.Roles.SERVER_ADMIN;
import static io.postern.admin.security.Roles.VIEWER;

import io.postern.admin.security.ProblemException;
import io.postern.admin.security.ValidationErrors;
import io.postern.config.component.Components;
import io.postern.config.component.Components.State;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The mail services of this node. */
@Path("/admin/v1/components")
@NonBlocking
@Tag(name = "components", description = "The services of the node that answers")
@RolesAllowed({ADMIN, SERVER_ADMIN, VIEWER})
public class ComponentsResource {
  /**
   * The state of one service.
   *
   * @param name {@code imap}, {@code pop3} or {@code lmtp}
   * @param enabled whether the settings switch it on
   * @param state {@code active}, {@code draining} or {@code inactive}
   * @param sessions the number of open sessions
   * @param endpoints the endpoints it listens on
   * @param node the node it runs on
   */
  public record Component(
      String name,
      boolean enabled,
      @Schema(enumeration = {"active", "draining", "inactive"}) String state,
      int sessions,
      List<String> endpoints,
      String node) {}

  /**
   * The state to set. Exchange: Set-ServerComponentState.
   *
   * @param state active, draining or inactive
   */
  public record ComponentChange(
      @Schema(
              enumeration = {"active", "draining", "inactive"},
              required = true)
          @Nullable String state) {}

  private static final String ALLOWED = "active, draining or inactive";

  private final Components components;
  private final NodeName node;

  ComponentsResource(Components components, NodeName node) {
    this.components = components;
    this.node = node;
  }

  /** Lists the services. */
  @GET
  @Operation(summary = "List the services of this node")
  public CursorPage<Component> list() {
    return CursorPage.all(components.all().stream().map(this::component).toList());
  }

  /** Returns one service. */
  @GET
  @Path("{name}/state")
  @Operation(summary = "Show a service of this node")
  @APIResponse(responseCode = "404", description = "There is no such service")
  public Component state(@PathParam("name") String name) {
    return components.all().stream()
        .filter(component -> component.name().equals(name))
        .map(this::component)
        .findFirst()
        .orElseThrow(() -> unknown(name));
  }

  /** Sets the state of a service. */
  @POST
  @Path("{name}/state")
  @RolesAllowed({ADMIN, SERVER_ADMIN})
  @Operation(
      summary = "Set the state of a service of this node",
      description =
          "draining: accepts no new connections and ends its sessions, each between two commands,"
              + " spread over time; inactive: the same without spreading; active: accepts"
              + " connections again. Returns at once; the state shows the progress")
  @APIResponse(
      responseCode = "200",
      description = "The service; its state is what was requested or draining")
  @APIResponse(responseCode = "404", description = "There is no such service")
  @APIResponse(responseCode = "422", description = "The state is invalid")
  public Component set(@PathParam("name") String name, @Nullable ComponentChange body) {
    var text = body == null ? "" : Objects.requireNonNullElse(body.state(), "");
    var errors = new ValidationErrors();
    errors.text("state", text, given -> parse(given).isPresent(), ALLOWED).throwIfAny();
    return components
        .set(name, parse(text).orElseThrow())
        .map(this::component)
        .orElseThrow(() -> unknown(name));
  }

  private static Optional<State> parse(String text) {
    return Arrays.stream(State.values()).filter(state -> text(state).equals(text)).findFirst();
  }

  private static String text(State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private static ProblemException unknown(String name) {
    return ProblemException.notFound(
        "There is no service \"" + name + "\"; there are imap, pop3 and lmtp");
  }

  private Component component(Components.Component c) {
    return new Component(
        c.name(), c.enabled(), text(c.state()), c.sessions(), c.endpoints(), node.value());
  }
}
