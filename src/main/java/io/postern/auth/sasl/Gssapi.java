package io.postern.auth.sasl;

import io.postern.auth.Attempt;
import io.postern.auth.Client;
import io.postern.auth.Failure;
import io.postern.auth.Login;
import io.postern.auth.Login.Result;
import io.postern.auth.Refusal;
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
 * GSSAPI (RFC 4752): a Kerberos ticket. No security layer is offered: that is TLS's work. Every
 * step runs on {@link Workers}, because the JDK's GSS blocks.
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
    return initialResponse
        .map(token -> begin(client, token))
        .orElseGet(() -> ask(Buffer.buffer(), token -> begin(client, token)));
  }

  private Uni<Step> begin(Client client, Buffer token) {
    return working(client, () -> keytab.context(live.now().auth().gssapi()))
        .chain(
            context ->
                context.map(open -> accept(client, open, token)).orElseGet(() -> failed(client)));
  }

  /** RFC 4752 §3.1: tokens go to and fro until the context stands. */
  private Uni<Step> accept(Client client, Keytab.Open open, Buffer token) {
    return working(client, () -> open.accept(token.getBytes()))
        .chain(
            answer ->
                answer
                    .map(
                        bytes ->
                            open.context().isEstablished() && bytes.length == 0
                                ? layers(client, open)
                                : ask(
                                    Buffer.buffer(bytes),
                                    next ->
                                        open.context().isEstablished()
                                            ? layers(client, open)
                                            : accept(client, open, next)))
                    .orElseGet(() -> failed(client)));
  }

  private Uni<Step> layers(Client client, Keytab.Open open) {
    return working(client, () -> wrap(open.context()))
        .chain(
            offer ->
                offer
                    .map(bytes -> ask(Buffer.buffer(bytes), reply -> chosen(client, open, reply)))
                    .orElseGet(() -> failed(client)));
  }

  private static byte[] wrap(GSSContext context) throws GSSException {
    return context.wrap(NO_LAYER, 0, NO_LAYER.length, PLAIN_WRAP);
  }

  /** RFC 4752 §3.2: the layer chosen, then the authorization identity. */
  private Uni<Step> chosen(Client client, Keytab.Open open, Buffer reply) {
    return working(
            client,
            () -> {
              var octets = reply.getBytes();
              var plain = open.context().unwrap(octets, 0, octets.length, new MessageProp(false));
              var principal = open.context().getSrcName().toString();
              open.context().dispose();
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
                    .map(n -> decide(client, n[0], n[1]))
                    .orElseGet(() -> failed(client)));
  }

  /** A principal is a login name when its realm is a mail domain, by the settings or by itself. */
  private Uni<Step> decide(Client client, String principal, String actAs) {
    int at = principal.lastIndexOf('@');
    var user = principal.substring(0, Math.max(at, 0));
    var name = user.indexOf('/') >= 0 ? "" : principal.substring(at + 1) + "\\" + user;
    var asked = Optional.of(actAs).filter(other -> !other.isEmpty() && !other.equals(principal));
    var attempt = new Attempt(client, name(), name, asked);
    var result = login.candidate(attempt).chain(who -> login.decide(who, true));
    return Login.answered(result, Result.Refused::new).map(Sasl::step);
  }

  private Uni<Step> failed(Client client) {
    var attempt = new Attempt(client, name(), "");
    var result =
        login
            .admit(attempt)
            .chain(() -> login.refused(attempt, Failure.WRONG, Refusal.CREDENTIALS));
    return Login.answered(result, Result.Refused::new).map(Sasl::step);
  }

  /** What may throw whatever GSS throws. */
  private interface Work<T> {
    T run() throws GSSException, LoginException;
  }

  private <T> Uni<Optional<T>> working(Client client, Work<T> work) {
    return workers.run(
        () -> {
          try {
            return Optional.of(work.run());
          } catch (GSSException | LoginException e) {
            LOG.log(Level.INFO, "session " + client.session() + ": no ticket: " + e.getMessage());
            return Optional.empty();
          }
        });
  }

  private static Uni<Step> ask(Buffer text, Function<Buffer, Uni<Step>> next) {
    return Uni.createFrom().item(new Step.Challenge(text, next));
  }
}
