package io.postern.sessions;

import io.postern.app.Server;
import io.postern.auth.password.Passwords;
import io.postern.config.Live;
import io.postern.config.TestSettings;
import io.postern.model.MailProtocol;
import io.postern.store.account.Accounts;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.wire.transport.Listener.Tls;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.ConfigProvider;

/** The server as the platform wires it, with PostgreSQL and Redis beside it. */
final class PostgresTarget implements Target {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Secret PASSWORD = new Secret("secret");

  private final Server server;
  private final Accounts accounts;
  private final Live live;
  private final StoreAccountSetup accountSetup;
  private final Verifiers verifiers;

  PostgresTarget(Server server, StoreAccountSetup accountSetup, Passwords passwords, Live live) {
    this.server = server;
    this.accounts = accountSetup.accounts();
    this.accountSetup = accountSetup;
    this.live = live;
    this.verifiers = soon(passwords.verifiers(PASSWORD));
  }

  private static <T> T soon(Uni<T> call) {
    return call.await().atMost(SOON);
  }

  @Override
  public String host() {
    return "127.0.0.1";
  }

  @Override
  public int imapPort() {
    return server.port(MailProtocol.IMAP, Tls.STARTTLS).orElseThrow();
  }

  @Override
  public int pop3Port() {
    return server.port(MailProtocol.POP3, Tls.STARTTLS).orElseThrow();
  }

  @Override
  public int lmtpPort() {
    return server
        .port(MailProtocol.LMTP, Tls.STARTTLS)
        .or(() -> server.port(MailProtocol.LMTP, Tls.NONE))
        .orElseThrow();
  }

  @Override
  public Login account() {
    var name = "s" + UUID.randomUUID() + "@example.test";
    soon(accounts.create(name, verifiers));
    return new Login(name, PASSWORD.reveal());
  }

  /** What listeners ask for when they open is not changed under their sessions. */
  @Override
  public Optional<String> obstacle(Script script) {
    return script.settings().stream().anyMatch(key -> key.startsWith("mail.auth.certificates"))
        ? Optional.of("its listeners were opened without asking for certificates")
        : Optional.empty();
  }

  @Override
  public void set(List<String> settings) {
    live.swap(TestSettings.over(ConfigProvider.getConfig(), settings));
  }

  @Override
  public Optional<AccountSetup> accountSetup() {
    return Optional.of(accountSetup);
  }

  @Override
  public void close() {
    // The platform ends it.
  }
}
