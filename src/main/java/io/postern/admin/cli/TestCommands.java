package io.postern.admin.cli;

import static io.postern.admin.cli.api.AdminApi.path;

import io.postern.admin.cli.api.CommandFailure;
import io.postern.admin.cli.output.Table;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Connectivity tests. */
@Command(
    name = "test",
    description = "Tests of the node that answers, by a mail client that it runs itself.")
final class TestCommands {
  private static final List<String> STEP = List.of("scenario", "result", "latencyMillis", "error");

  private final PosternCommand postern;

  TestCommands(PosternCommand postern) {
    this.postern = postern;
  }

  /** The options of both tests. */
  static final class Options {
    @Option(
        names = "--connection-type",
        paramLabel = "TYPE",
        defaultValue = "tls",
        description = "plaintext, ssl or tls. Default: ${DEFAULT-VALUE}")
    private String connectionType = "tls";

    @Option(names = "--light", description = "Only log in: add and remove no message")
    private boolean light;

    @Option(
        names = "--user",
        paramLabel = "NAME",
        description = "Who logs in; without one only the capabilities are read")
    private Optional<String> user = Optional.empty();

    @Option(
        names = "--password-file",
        paramLabel = "FILE",
        description = "A file with the password; - for standard input. Default: asked for")
    private Optional<Path> passwordFile = Optional.empty();

    @Option(
        names = "--port",
        paramLabel = "PORT",
        description = "Of a listener of the node. Default: the first of the type")
    private Optional<Integer> port = Optional.empty();

    @Option(names = "--trust-any", description = "Do not verify the certificate")
    private boolean trustAny;

    @Option(
        names = "--server-name",
        paramLabel = "NAME",
        description = "The name that the certificate must have")
    private Optional<String> serverName = Optional.empty();

    @Option(
        names = "--timeout",
        paramLabel = "SECONDS",
        defaultValue = "60",
        description = "For all steps, 1 to 100. Default: ${DEFAULT-VALUE}")
    private int timeout = 60;

    Map<String, Object> body(PosternCommand postern) {
      var body = new LinkedHashMap<String, Object>();
      body.put("connectionType", connectionType);
      body.put("lightMode", light);
      body.put("trustAnySSLCertificate", trustAny);
      body.put("timeout", timeout);
      port.ifPresent(it -> body.put("port", it));
      serverName.ifPresent(it -> body.put("serverName", it));
      user.ifPresent(
          it ->
              body.put(
                  "mailboxCredential",
                  Map.of("user", it, "password", postern.secret("password", passwordFile))));
      return body;
    }
  }

  @Command(name = "imap", description = "Test IMAP; exit code 1 if it fails.")
  void imap(@Mixin Options options) {
    test("imap", options);
  }

  @Command(name = "pop3", description = "Test POP3; exit code 1 if it fails.")
  void pop3(@Mixin Options options) {
    test("pop3", options);
  }

  private void test(String protocol, Options options) {
    var report =
        postern.api().send("POST", path("connectivity-tests", protocol), options.body(postern));
    if (postern.isJson()) {
      postern.out().println(report.toPrettyString());
    } else {
      var table = new Table(STEP);
      report.path("scenarios").forEach(table::add);
      table.lines().forEach(postern.out()::println);
      postern
          .out()
          .println(
              "%s on port %d of %s: %s in %s ms"
                  .formatted(
                      protocol,
                      report.path("port").asInt(),
                      report.path("casServer").asText(),
                      report.path("result").asText(),
                      report.path("latencyMillis").asText()));
    }
    if (!report.path("result").asText().equals("success")) {
      throw new CommandFailure("The test failed: " + report.path("error").asText(""));
    }
  }
}
