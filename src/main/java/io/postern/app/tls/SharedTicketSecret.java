package io.postern.app.tls;

import io.postern.store.account.Accounts;
import io.postern.tls.TicketSecret;
import io.postern.tls.TlsEngine;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * The secret of TLS session tickets that all replicas of a database share. It is read after the
 * start, again and again until that succeeds; until then each replica resumes its own sessions.
 */
@Singleton
public class SharedTicketSecret {
  private static final Logger LOG = System.getLogger(SharedTicketSecret.class.getName());
  private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
  private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

  private final Accounts accounts;
  private volatile Optional<TicketSecret> secret = Optional.empty();

  SharedTicketSecret(Accounts accounts) {
    this.accounts = accounts;
  }

  void load(@Observes StartupEvent event) {
    if (TlsEngine.openSslProblem().isPresent()) {
      return;
    }
    accounts
        .decoyKey()
        .onFailure()
        .invoke(e -> LOG.log(Level.DEBUG, "the secret of session tickets is read again", e))
        .onFailure()
        .retry()
        .withBackOff(FIRST_DELAY, LONGEST_DELAY)
        .indefinitely()
        .subscribe()
        .with(
            shared ->
                secret =
                    Optional.of(TicketSecret.of(shared.reveal().getBytes(StandardCharsets.UTF_8))),
            failure -> LOG.log(Level.ERROR, "the secret of session tickets is not read", failure));
  }

  /** The secret; empty while it has not been read. */
  public Optional<TicketSecret> now() {
    return secret;
  }
}
