package io.postern.auth.sasl;

import io.postern.auth.Client;
import io.postern.auth.Failure;
import io.postern.auth.Login;
import io.postern.auth.LoginAttempt;
import io.postern.auth.Sasl;
import io.postern.auth.Sasl.Step;
import io.postern.auth.password.Workers;
import io.postern.config.Live;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import javax.security.auth.login.LoginException;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.MessageProp;

/**
 * GSSAPI (RFC 4752): a Kerberos ticket. No security layer is offered: TLS provides it. Every step
 * runs on {@link Workers}, because the JDK's GSS blocks.
 */
public final class Gssapi implements Sasl.Mechanism {
  private static final Logger LOG = System.getLogger(Gssapi.class.getName());

  /** RFC 4752 §3.3: the one bit for "no security layer", and a buffer of size 0. */
  private static final byte[] NO_LAYER = {1, 0, 0, 0};

  private static final MessageProp PLAIN_WRAP = new MessageProp(0, false);

  private final Login login;
  private final Live live;
  private final Workers workers;
  private final Keytab keytab = new Keytab();

  public Gssapi(Login login, Live live, Workers workers) {
    this.login = login;
    this.live = live;
    this.workers = workers;
  }

  @Override
  public String name() {
    return "GSSAPI";
  }

  @Override
  public boolean plainText() {
    return false;
  }

  @Override
  public boolean offered(Client client) {
    return live.now().auth().gssapi().enabled();
  }

  @Override
  public Uni<Step> start(Client client, Optional<Buffer> initialResponse) {
    return Sasl.clientFirst(initialResponse, token -> begin(client, token));
  }

  /**
   * Reads a client's message only after the policy has admitted it: the user is not known before
   * the last message, so it counts under its network. Nothing is held while the client is awaited.
   */
  private Uni<Step> round(Client client, Function<LoginAttempt, Uni<Step>> work) {
    var attempt = new LoginAttempt(client, name(), "");
    return login.conclude(
        attempt, login.admit(attempt).chain(() -> work.apply(attempt)), Step.Refused::new);
  }

  private Uni<Step> begin(Client client, Buffer token) {
    return round(
        client,
        attempt ->
            onWorker(client, () -> keytab.newContext(live.now().auth().gssapi()))
                .chain(
                    result ->
                        result
                            .map(kerberos -> accept(attempt, kerberos, token))
                            .orElseGet(() -> refuse(attempt))));
  }

  /** RFC 4752 §3.1: tokens are exchanged until the context is established. */
  private Uni<Step> accept(LoginAttempt attempt, Keytab.KerberosContext kerberos, Buffer token) {
    var client = attempt.client();
    return onWorker(client, () -> kerberos.accept(token.getBytes()))
        .chain(
            answer ->
                answer
                    .map(
                        bytes ->
                            kerberos.context().isEstablished() && bytes.length == 0
                                ? layers(attempt, kerberos)
                                : Sasl.challenge(
                                    Buffer.buffer(bytes), next -> next(client, kerberos, next)))
                    .orElseGet(() -> refuse(attempt)));
  }

  private Uni<Step> next(Client client, Keytab.KerberosContext kerberos, Buffer token) {
    return round(
        client,
        attempt ->
            kerberos.context().isEstablished()
                ? layers(attempt, kerberos)
                : accept(attempt, kerberos, token));
  }

  private Uni<Step> layers(LoginAttempt attempt, Keytab.KerberosContext kerberos) {
    var client = attempt.client();
    return onWorker(client, () -> wrap(kerberos.context()))
        .chain(
            offer ->
                offer
                    .map(
                        bytes ->
                            Sasl.challenge(
                                Buffer.buffer(bytes),
                                reply -> round(client, last -> authorize(last, kerberos, reply))))
                    .orElseGet(() -> refuse(attempt)));
  }

  private static byte[] wrap(GSSContext context) throws GSSException {
    return context.wrap(NO_LAYER, 0, NO_LAYER.length, PLAIN_WRAP);
  }

  /** RFC 4752 §3.2: the layer chosen, then the authorization identity. */
  private Uni<Step> authorize(LoginAttempt attempt, Keytab.KerberosContext kerberos, Buffer reply) {
    return onWorker(
            attempt.client(),
            () -> {
              var octets = reply.getBytes();
              var plain =
                  kerberos.context().unwrap(octets, 0, octets.length, new MessageProp(false));
              var principal = kerberos.context().getSrcName().toString();
              kerberos.context().dispose();
              return new String[] {
                principal,
                plain.length >= NO_LAYER.length && plain[0] == 1
                    ? new String(
                        Arrays.copyOfRange(plain, NO_LAYER.length, plain.length),
                        StandardCharsets.UTF_8)
                    : "\0"
              };
            })
        .chain(
            names ->
                names
                    .filter(n -> n[1].indexOf('\0') < 0)
                    .map(n -> decide(attempt.client(), n[0], n[1]))
                    .orElseGet(() -> refuse(attempt)));
  }

  /** Logs in a principal whose realm is a mail domain, by the settings or by itself. */
  private Uni<Step> decide(Client client, String principal, String actAs) {
    int at = principal.lastIndexOf('@');
    var user = principal.substring(0, Math.max(at, 0));
    var requested =
        Optional.of(actAs).filter(other -> !other.isEmpty() && !other.equals(principal));
    return login
        .authenticated(
            new LoginAttempt(client, name(), principal, requested),
            principal,
            login.names().principal(user, principal.substring(at + 1)))
        .map(Sasl::step);
  }

  private Uni<Step> refuse(LoginAttempt attempt) {
    return login.refused(attempt, Failure.WRONG).map(Sasl::step);
  }

  /** Work that may throw GSS's exceptions. */
  private interface Work<T> {
    T run() throws GSSException, LoginException;
  }

  private <T> Uni<Optional<T>> onWorker(Client client, Work<T> work) {
    return workers.run(
        () -> {
          try {
            return Optional.of(work.run());
          } catch (GSSException | LoginException e) {
            LOG.log(
                Level.INFO,
                "session "
                    + client.session()
                    + ": the Kerberos ticket is refused: "
                    + e.getMessage());
            return Optional.empty();
          }
        });
  }
}
