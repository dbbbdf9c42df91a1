package io.postern.admin;

import static io.postern.admin.security.Roles.ADMIN;
import static io.postern.admin.security.Roles.SERVER_ADMIN;

import io.postern.admin.security.ProblemException;
import io.postern.model.MailProtocol;
import io.postern.probe.ConnectivityResult;
import io.postern.probe.ConnectivityTest;
import io.postern.probe.ConnectivityTest.Encryption;
import io.postern.probe.ConnectivityTests;
import io.postern.probe.Targets.Target;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Tests of the listeners of this node by a mail client that it runs itself. */
@Path("/admin/v1/connectivity-tests")
@Tag(name = "connectivity tests", description = "Tests of the node that answers, as a mail client")
@RolesAllowed({ADMIN, SERVER_ADMIN})
public class ConnectivityTestsResource {
  /**
   * What was tested, with the columns of Exchange's result.
   *
   * @param casServer the node that was tested
   * @param localSite the site; there is one
   * @param protocol imap or pop3
   * @param connectionType plaintext, ssl or tls
   * @param port of the listener
   * @param result success, skipped or failure
   * @param latencyMillis of all steps
   * @param error of the step that failed
   * @param scenarios the steps, up to the first that failed
   */
  public record ConnectivityReport(
      String casServer,
      String localSite,
      String protocol,
      String connectionType,
      int port,
      String result,
      double latencyMillis,
      Optional<String> error,
      List<ScenarioResult> scenarios) {}

  /**
   * One step.
   *
   * @param scenario its name
   * @param result success, skipped or failure
   * @param latencyMillis how long it took
   * @param error why it failed or was skipped
   */
  public record ScenarioResult(
      String scenario, String result, double latencyMillis, Optional<String> error) {
    static ScenarioResult of(ConnectivityResult.Step step) {
      return new ScenarioResult(
          step.scenario(), lower(step.result()), millis(step.latency()), step.error());
    }
  }

  private static final int AT_ONCE = 4;
  private static final String SITE = "default";
  private static final double NANOS_PER_MILLI = 1e6;

  private final ConnectivityTests tests;
  private final NodeName node;
  private final Semaphore running = new Semaphore(AT_ONCE);

  ConnectivityTestsResource(ConnectivityTests tests, NodeName node) {
    this.tests = tests;
    this.node = node;
  }

  /** Runs a test. */
  @POST
  @Path("{protocol}")
  @Blocking
  @Operation(
      summary = "Test IMAP or POP3 of this node as a mail client",
      description =
          "Connects to a listener of this node, logs in, adds a message, reads and removes it. POP3"
              + " gets its message by LMTP, if this node accepts mail. Returns when all is done")
  @APIResponse(responseCode = "200", description = "The result, success or failure")
  @APIResponse(responseCode = "404", description = "There is no such protocol")
  @APIResponse(
      responseCode = "409",
      description = "This node has no such listener, or four tests are running")
  @APIResponse(responseCode = "422", description = "A value is invalid")
  public ConnectivityReport test(
      @PathParam("protocol") String protocol, @Nullable ConnectivityTestRequest body) {
    var tested =
        MailProtocol.of(protocol)
            .filter(it -> it != MailProtocol.LMTP)
            .orElseThrow(
                () ->
                    ProblemException.notFound(
                        "There is no test of \"" + protocol + "\"; there are imap and pop3"));
    var request = Objects.requireNonNullElse(body, ConnectivityTestRequest.NONE);
    request.validate();
    var target = target(tested, request);
    if (!running.tryAcquire()) {
      throw ProblemException.conflict(AT_ONCE + " tests are running: try again later");
    }
    try {
      return report(tested, request, target, tests.run(test(tested, request, target)));
    } finally {
      running.release();
    }
  }

  private Target target(MailProtocol protocol, ConnectivityTestRequest request) {
    boolean implicitTls = request.encryption() == Encryption.SSL;
    return tests.targets().of(protocol).stream()
        .filter(it -> it.implicitTls() == implicitTls)
        .filter(it -> request.port() == null || it.port() == request.port())
        .findFirst()
        .orElseThrow(
            () ->
                ProblemException.conflict(
                    "Node "
                        + node.value()
                        + " has no listener of "
                        + protocol.label()
                        + " for "
                        + lower(request.encryption())
                        + (request.port() == null ? "" : " on port " + request.port())));
  }

  private static ConnectivityTest test(
      MailProtocol protocol, ConnectivityTestRequest request, Target target) {
    return new ConnectivityTest(
        protocol,
        target,
        request.encryption(),
        request.depth(),
        request.certificate(),
        request.credential(),
        request.perStep(),
        request.whole());
  }

  private ConnectivityReport report(
      MailProtocol protocol,
      ConnectivityTestRequest request,
      Target target,
      ConnectivityResult result) {
    return new ConnectivityReport(
        node.value(),
        SITE,
        protocol.label(),
        lower(request.encryption()),
        target.port(),
        lower(result.result()),
        millis(result.latency()),
        result.error(),
        result.steps().stream().map(ScenarioResult::of).toList());
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static double millis(Duration latency) {
    // Microseconds are enough.
    return Math.round(latency.toNanos() / NANOS_PER_MILLI * 1_000) / 1_000.0;
  }
}
