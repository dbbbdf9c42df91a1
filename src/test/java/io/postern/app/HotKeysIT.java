package io.postern.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.postern.config.Live;
import io.postern.config.component.Components;
import io.postern.config.watch.ConfigWatcher;
import io.postern.imap.session.ImapProtocol;
import io.postern.lmtp.LmtpProtocol;
import io.postern.pop3.Pop3Protocol;
import io.postern.store.account.Accounts;
import io.postern.store.account.DeletedAccounts;
import io.postern.store.account.Quotas;
import io.postern.store.maintenance.AuditTrail;
import io.postern.store.maintenance.Recoverable;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every hot key: its file changes under a running server with open sessions. */
@QuarkusTest
@TestProfile(HotKeysIT.Mounted.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class HotKeysIT {
  private static final String TRUSTED = "quarkus.tls.mail.trust-store.pem.certs";

  /** A server with a directory of settings, that trusts a user's certificate. */
  public static final class Mounted implements QuarkusTestProfile {
    @Override
    public Set<Class<?>> getEnabledAlternatives() {
      return Set.of(HotClock.class);
    }

    @Override
    public Map<String, String> getConfigOverrides() {
      try {
        var directory = Files.createTempDirectory("postern-settings");
        directory.toFile().deleteOnExit();
        var certificate =
            HotCertificate.make(
                Files.createTempDirectory("postern-certificate"), "alice@example.test");
        return Map.of(
            "mail.config.directory",
            directory.toString(),
            "mail.demo.bulk-accounts",
            Integer.toString(HotStage.USERS),
            TRUSTED,
            certificate.pem().toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Inject Server server;
  @Inject Live live;
  @Inject ConfigWatcher watcher;
  @Inject Components components;
  @Inject ServiceSwitches services;
  @Inject Accounts accounts;
  @Inject DeletedAccounts deletedAccounts;
  @Inject Quotas quotas;
  @Inject Recoverable recoverable;
  @Inject AuditTrail trail;
  @Inject MaintenanceJob sweeping;
  @Inject Vertx vertx;
  @Inject ImapProtocol imap;
  @Inject Pop3Protocol pop3;
  @Inject LmtpProtocol lmtp;
  @Inject ConfigPolling watching;
  @Inject MeterRegistry meters;
  @Inject HotClock clock;

  @ConfigProperty(name = TRUSTED)
  String certificate = "";

  // Set before the first scenario.
  @SuppressWarnings("NullAway.Init")
  private HotStage stage;

  static Stream<String> keys() {
    return HotKeys.ALL.keySet().stream().sorted();
  }

  @BeforeEach
  void furnish() throws IOException {
    if (stage == null) {
      var directory =
          watcher.report().settings().stream()
              .filter(it -> it.key().equals("mail.config.directory"))
              .findFirst()
              .orElseThrow()
              .value();
      stage =
          new HotStage(
              Path.of(directory),
              new HotCertificate(Path.of(certificate)),
              new HotStage.Beans(
                  server,
                  live,
                  watcher,
                  components,
                  services,
                  accounts,
                  deletedAccounts,
                  quotas,
                  recoverable,
                  trail,
                  sweeping,
                  vertx,
                  imap,
                  pop3,
                  lmtp,
                  watching,
                  meters,
                  clock));
    }
  }

  @ParameterizedTest
  @MethodSource("keys")
  void aChangedFileTakesEffect(String key) throws Exception {
    stage.set();
    Objects.requireNonNull(HotKeys.ALL.get(key), key).play(stage);
  }
}
