package io.postern.sessions;

import io.postern.embedded.FreePorts;
import io.postern.embedded.PackagePorts;
import io.postern.embedded.ServersForPackage;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The packaged server, a JAR or a native executable, with all services at free ports and accounts
 * that is unused. A field of the type {@link Target} in the test class is given it.
 */
public final class PackagedServer implements QuarkusTestResourceLifecycleManager {
  /** What opens its administration. */
  public static final String TOKEN = "token-of-the-tests-0123456789";

  private static final int ACCOUNTS = 2_000;

  /** Scripts disable accounts and change passwords: those below are for other tests. */
  private static final int FIRST = 1_000;

  /** Not on its command line, which would take precedence over the settings of scripts. */
  private static final List<String> SETTINGS =
      List.of(
          "mail.imap.login-type=plain-text-login",
          "mail.pop3.login-type=plain-text-login",
          // Requested in each handshake; clients without one are not offered EXTERNAL.
          "mail.auth.certificates.enabled=true");

  private final ServersForPackage servers = new ServersForPackage();
  private final Packaged target = Packaged.atFreePorts(servers.ports());

  @Override
  public Map<String, String> start() {
    var settings = servers.start();
    // Any profile but that of production allows the demo's accounts.
    settings.put("quarkus.profile", "packaged");
    settings.put("mail.demo.bulk-accounts", Integer.toString(ACCOUNTS));
    settings.put("mail.imap.enabled", "true");
    settings.put("mail.imap.unencrypted-or-tls-bindings", "127.0.0.1:" + target.imapPort);
    settings.put("mail.imap.ssl-bindings", "127.0.0.1:0");
    settings.put("mail.pop3.enabled", "true");
    settings.put("mail.pop3.unencrypted-or-tls-bindings", "127.0.0.1:" + target.pop3Port);
    settings.put("mail.pop3.ssl-bindings", "127.0.0.1:0");
    settings.put("mail.admin.bootstrap-token", TOKEN);
    settings.put("mail.config.directory", target.settings.directory().toString());
    // Scripts fail to log in on purpose, many at a time.
    settings.put("mail.guard.allowed-networks", "127.0.0.0/8");
    settings.put("mail.drain.spread", "PT0S");
    settings.put("quarkus.tls.mail.trust-store.pem.certs", ClientCertificates.trusted());
    settings.put("mail.lmtp.enabled", "true");
    settings.put("mail.lmtp.bindings", "127.0.0.1:" + target.lmtpPort);
    return settings;
  }

  @Override
  public void inject(TestInjector injector) {
    servers.inject(injector);
    injector.injectIntoFields(target, field -> field.getType().equals(Target.class));
  }

  @Override
  public void stop() {
    servers.stop();
  }

  private record Packaged(
      int imapPort,
      int pop3Port,
      int lmtpPort,
      MountedSettings settings,
      AccountSetup staff,
      AtomicInteger next)
      implements Target {

    static Packaged atFreePorts(PackagePorts taken) {
      var ports = FreePorts.many(3);
      return new Packaged(
          ports.get(0),
          ports.get(1),
          ports.get(2),
          new MountedSettings(taken.http(), TOKEN, SETTINGS),
          new AdminAccountSetup(HttpClient.newHttpClient(), taken.http(), TOKEN),
          new AtomicInteger(FIRST));
    }

    @Override
    public String host() {
      return "127.0.0.1";
    }

    @Override
    public Login account() {
      int number = next.getAndIncrement();
      if (number == ACCOUNTS) {
        throw new IllegalStateException(
            "the scripts use more than " + (ACCOUNTS - FIRST) + " accounts");
      }
      return new Login("u" + number + "@example.test", "secret");
    }

    @Override
    public Optional<String> obstacle(Script script) {
      return Optional.empty();
    }

    @Override
    public Optional<AccountSetup> accountSetup() {
      return Optional.of(staff);
    }

    @Override
    public void set(List<String> changed) {
      settings.put(Stream.concat(SETTINGS.stream(), changed.stream()).distinct().toList());
    }

    @Override
    public void close() {
      // The platform ends it.
    }
  }
}
