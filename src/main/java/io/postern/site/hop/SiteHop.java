package io.postern.site.hop;

import io.postern.auth.Identity;
import io.postern.cancellation.CancellationToken;
import io.postern.config.area.SiteSettings;
import io.postern.config.net.Endpoint;
import io.postern.model.MailProtocol;
import io.postern.site.SiteCertificates;
import io.postern.site.SiteMeter;
import io.postern.site.SiteMeter.CertificateFault;
import io.postern.site.SiteMeter.Outcome;
import io.postern.wire.Connection;
import io.postern.wire.Dialer;
import io.postern.wire.HandOver;
import io.postern.wire.ServerStream;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSession;

/** The way to another site by one protocol: its addresses, and whether it can be reached. */
final class SiteHop {
  private static final Logger LOG = System.getLogger(SiteHop.class.getName());

  /** Attempts for one login, over the addresses in turn. */
  static final int ATTEMPTS = 3;

  /** Most characters of an answer that are logged. */
  private static final int LOGGED = 200;

  private static final Pattern UNPRINTABLE = Pattern.compile("[^ -~]");

  /** The delay between two attempts. */
  private static final Duration PAUSE = Duration.ofMillis(250);

  /** How passing on a connection to this site ended. */
  sealed interface Result {
    /** The site. */
    String site();

    /** The same in a word. */
    default Outcome outcome() {
      return switch (this) {
        case Entered _ -> Outcome.ENTERED;
        case Refused _ -> Outcome.REFUSED;
        case Ended(_, var outcome) -> outcome;
      };
    }

    /** Neither entered nor refused with a code. */
    static Result of(String site, Outcome outcome) {
      return new Ended(site, outcome);
    }

    /** The user is logged in there. */
    record Entered(String site, String answer, ServerStream stream, Buffer rest)
        implements Result {}

    /** The login is refused with a code that the client is shown. */
    record Refused(String site, String code, String text) implements Result {}

    /** Any other end. */
    record Ended(String site, Outcome outcome) implements Result {}
  }

  private final String site;
  private final List<Endpoint> addresses;
  private final SiteSettings settings;
  private final Dialer dialer;
  private final SiteMeter meter;
  private final LongSupplier nanos;
  private final CircuitBreaker breaker;
  private final AtomicInteger turn = new AtomicInteger();

  SiteHop(
      String site,
      List<Endpoint> addresses,
      SiteSettings settings,
      Dialer dialer,
      SiteMeter meter,
      LongSupplier nanos) {
    this.site = site;
    this.addresses = List.copyOf(addresses);
    this.settings = settings;
    this.dialer = dialer;
    this.meter = meter;
    this.nanos = nanos;
    this.breaker = new CircuitBreaker(settings.failFastAfter(), nanos);
  }

  /** Logs the user in there; fails only when the client has gone. */
  Uni<Result> enter(
      Connection client, MailProtocol protocol, Identity identity, Optional<String> program) {
    var handOver =
        new HandOver(
            client.id(),
            client.remote(),
            client.local(),
            client.secure(),
            Optional.of(identity.user()).filter(it -> !it.equals(identity.name())),
            identity.elsewhere(),
            program);
    var login = new Login(client, protocol, handOver, identity.name(), nanos.getAsLong());
    var result =
        breaker.allows()
            ? attempt(login, 1)
            : Uni.createFrom().item(Result.of(site, Outcome.FAILED_FAST));
    return result.invoke(it -> meter.passedOn(protocol, site, it.outcome()));
  }

  private record Login(
      Connection client, MailProtocol protocol, HandOver handOver, String account, long began) {}

  private Uni<Result> attempt(Login login, int number) {
    var left = settings.handOverTimeout().minusNanos(nanos.getAsLong() - login.began);
    var dialogue = HopDialogue.of(login.protocol);
    var opening = dialogue.opening(login.handOver, login.account);
    var endpoint = addresses.get(Math.floorMod(turn.getAndIncrement(), addresses.size()));
    var connecting =
        left.compareTo(settings.connectTimeout()) < 0 ? left : settings.connectTimeout();
    return new HopAttempt(login.client, dialogue, opening, this::distrust)
        .run(dialer, endpoint.host(), endpoint.port(), connecting, left)
        .chain(result -> judge(login, number, endpoint, result));
  }

  private Optional<CertificateFault> distrust(SSLSession session) {
    if (SiteCertificates.isExpired(session, Instant.now())) {
      return Optional.of(CertificateFault.EXPIRED);
    }
    boolean named =
        !settings.enforceCertificateErrors()
            || SiteCertificates.named(session, Set.of(site)).isPresent();
    return named ? Optional.empty() : Optional.of(CertificateFault.OTHER_SITE);
  }

  private Uni<Result> judge(Login login, int number, Endpoint endpoint, HopAttempt.Result result) {
    return switch (result) {
      case HopAttempt.Result.Answered(var verdict, var stream, var rest) ->
          answered(login, number, endpoint, verdict, stream, rest);
      case HopAttempt.Result.Distrusted(var fault) -> {
        meter.certificateRefused(false, fault);
        yield unreachable(
            login,
            endpoint,
            fault == CertificateFault.EXPIRED
                ? "its certificate has expired"
                : "its certificate is not that of the site");
      }
      case HopAttempt.Result.Failed(var why) -> {
        var fault = SiteCertificates.fault(why);
        fault.ifPresent(it -> meter.certificateRefused(false, it));
        yield fault.isPresent()
            ? unreachable(login, endpoint, String.valueOf(why.getMessage()))
            : again(login, number, endpoint, String.valueOf(why.getMessage()));
      }
    };
  }

  private Uni<Result> answered(
      Login login,
      int number,
      Endpoint endpoint,
      Verdict verdict,
      ServerStream stream,
      Buffer rest) {
    return switch (verdict) {
      case Verdict.Unavailable(var why) -> again(login, number, endpoint, why);
      case Verdict.Entered(var answer) -> reached(new Result.Entered(site, answer, stream, rest));
      case Verdict.Refused(var code, var text) -> reached(new Result.Refused(site, code, text));
      case Verdict.Denied() -> reached(Result.of(site, Outcome.REFUSED));
      case Verdict.NotHome() -> reached(Result.of(site, Outcome.NOT_HOME));
      case Verdict.Misconfigured(var why) -> {
        LOG.log(
            Level.ERROR,
            "session {0}: site={1} at {2}:{3} does not take the connection: {4}",
            login.client.id(),
            site,
            endpoint.host(),
            Integer.toString(endpoint.port()),
            printable(why));
        yield reached(Result.of(site, Outcome.MISCONFIGURED));
      }
    };
  }

  /** What the other side has sent, as a line of the log. */
  private static String printable(String text) {
    var start = text.substring(0, Math.min(text.length(), LOGGED));
    return UNPRINTABLE.matcher(start).replaceAll("?");
  }

  private Uni<Result> reached(Result result) {
    breaker.succeeded();
    return Uni.createFrom().item(result);
  }

  /** Tries the next address after a while, if there is time. */
  private Uni<Result> again(Login login, int number, Endpoint endpoint, String why) {
    var spent = Duration.ofNanos(nanos.getAsLong() - login.began).plus(PAUSE);
    if (number == ATTEMPTS || spent.compareTo(settings.handOverTimeout()) >= 0) {
      return unreachable(login, endpoint, why);
    }
    return pause(login.client).chain(() -> attempt(login, number + 1));
  }

  /** Fails when the client has gone. */
  private static Uni<Void> pause(Connection client) {
    return CancellationToken.with(
        token ->
            Uni.createFrom()
                .emitter(
                    emitter -> {
                      client.after(PAUSE, () -> emitter.complete(null));
                      var gone = token.onCancel(() -> emitter.fail(new CancellationException()));
                      emitter.onTermination(gone::remove);
                    }));
  }

  private Uni<Result> unreachable(Login login, Endpoint endpoint, String why) {
    breaker.failed();
    LOG.log(
        Level.WARNING,
        "session {0}: site={1} cannot be reached at {2}:{3}: {4}",
        login.client.id(),
        site,
        endpoint.host(),
        Integer.toString(endpoint.port()),
        printable(why));
    return Uni.createFrom().item(Result.of(site, Outcome.UNREACHABLE));
  }
}
