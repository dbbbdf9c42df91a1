package io.postern.observe.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.postern.model.MailProtocol;
import io.postern.wire.registry.SessionInfo;
import io.postern.wire.registry.SessionStats;
import io.quarkus.logging.json.runtime.JsonLogConfig;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.Test;

/** A line of the log as JSON. */
class LogLinesTest {
  private static final SessionInfo SESSION =
      new SessionInfo(
          "00f1e2d3c4b5a697",
          MailProtocol.IMAP,
          SocketAddress.inetSocketAddress(50123, "192.0.2.7"),
          SocketAddress.inetSocketAddress(993, "192.0.2.1"),
          true,
          Instant.EPOCH,
          Optional.of("alice@example.test"),
          Optional.of("Some \"Client\" 1.0"),
          Optional.empty());

  /** A formatter with the settings of the package, then those given. */
  private static JsonLine formatter(Map<String, String> settings) throws IOException {
    var packaged = new Properties();
    try (var file = JsonLine.class.getResourceAsStream("/application.properties")) {
      packaged.load(file);
    }
    return new JsonLine(
        new SmallRyeConfigBuilder()
            .withMapping(JsonLogConfig.class)
            .withValidateUnknown(false)
            .withSources(new PropertiesConfigSource(packaged, "package", 100))
            .withSources(new PropertiesConfigSource(settings, "given", 200))
            .build()
            .getConfigMapping(JsonLogConfig.class)
            .consoleJson());
  }

  private static JsonNode line(String message, Object... parameters) throws Exception {
    var record = new ExtLogRecord(Level.INFO, message, LogLinesTest.class.getName());
    record.setParameters(parameters);
    var text = formatter(Map.of()).format(record);
    assertThat(text).endsWith("\n");
    assertThat(text.strip()).doesNotContain("\n");
    return new ObjectMapper().readTree(text);
  }

  private static SessionLog.Summary summary() {
    return new SessionLog.Summary(
        SESSION, new SessionStats(345, 6789, 12), Duration.ofMillis(1500), "logout");
  }

  @Test
  void aSummaryIsFields() throws Exception {
    var json = line("{0}", summary());
    assertThat(json.path("sessionId").asText()).isEqualTo(SESSION.id());
    assertThat(json.path("user").asText()).isEqualTo("alice@example.test");
    assertThat(json.path("client").asText()).isEqualTo("Some \"Client\" 1.0");
    assertThat(json.path("commands").isIntegralNumber()).isTrue();
    assertThat(json.path("octetsIn").asLong()).isEqualTo(345);
    assertThat(json.path("octetsOut").asLong()).isEqualTo(6789);
    assertThat(json.path("duration").asLong()).isEqualTo(1500);
    assertThat(json.path("reason").asText()).isEqualTo("logout");
  }

  @Test
  void aFaultIsLoggedWithItsCause() throws Exception {
    var record = new ExtLogRecord(Level.ERROR, "failed", LogLinesTest.class.getName());
    record.setThrown(new IllegalStateException("outer", new IllegalArgumentException("inner")));
    var json = new ObjectMapper().readTree(formatter(Map.of()).format(record));
    assertThat(json.path("level").asText()).isEqualTo("ERROR");
    assertThat(json.path("stackTrace").asText()).contains("outer", "Caused by", "inner");
  }

  @Test
  void aTextLineIsOneLine() {
    assertThat(summary().toString())
        .isEqualTo(
            "session 00f1e2d3c4b5a697 ended: logout, imap (TLS) 192.0.2.7:50123,"
                + " alice@example.test with Some \"Client\" 1.0, 12 commands, 345 octets in,"
                + " 6789 out, 1500 ms");
  }

  @Test
  void aLineOfASessionNamesItInAField() throws Exception {
    assertThat(line("session 00f1e2d3c4b5a697: a fault").path("sessionId").asText())
        .isEqualTo(SESSION.id());
    assertThat(line("a session without an id").has("sessionId")).isFalse();
  }

  @Test
  void thePlatformsSettingsRenameOmitAndAddFields() throws Exception {
    var record = new ExtLogRecord(Level.INFO, "{0}", LogLinesTest.class.getName());
    record.setParameters(new Object[] {summary()});
    var json =
        new ObjectMapper()
            .readTree(
                formatter(
                        Map.of(
                            "quarkus.log.console.json.key-overrides", "timestamp=@timestamp",
                            "quarkus.log.console.json.excluded-keys", "threadName,client",
                            "quarkus.log.console.json.additional-field.site.value", "north"))
                    .format(record));
    assertThat(json.has("@timestamp")).isTrue();
    assertThat(json.has("timestamp")).isFalse();
    assertThat(json.has("threadName")).isFalse();
    assertThat(json.has("client")).isFalse();
    assertThat(json.path("site").asText()).isEqualTo("north");
    assertThat(json.path("user").asText()).isEqualTo("alice@example.test");
  }
}
