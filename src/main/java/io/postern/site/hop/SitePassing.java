package io.postern.site.hop;

import io.postern.auth.Identity;
import io.postern.config.Live;
import io.postern.config.area.SiteSettings;
import io.postern.config.net.Endpoint;
import io.postern.model.Home;
import io.postern.model.MailProtocol;
import io.postern.site.HandOvers;
import io.postern.site.SiteMeter;
import io.postern.site.SiteMeter.Outcome;
import io.postern.site.Sites;
import io.postern.site.directory.CachedHomes;
import io.postern.wire.Connection;
import io.postern.wire.Dialer;
import io.postern.wire.Pipe;
import io.postern.wire.ServerStream.End;
import io.smallrye.mutiny.Uni;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;

/**
 * Passes on connections to the sites of their mailboxes. When a site is not the home, the directory
 * is read again, and the connection is passed on to the newer home, once. Safe for all threads.
 */
public final class SitePassing implements Sites {
  private static final Logger LOG = System.getLogger(SitePassing.class.getName());

  /** How much longer than at its home a connection may be silent at the front end. */
  private static final Duration LONGER = Duration.ofMinutes(5);

  private final String site;
  private final SiteSettings settings;
  private final Live live;
  private final CachedHomes homes;
  private final SiteMeter meter;
  private final Map<String, SiteHop> imap;
  private final Map<String, SiteHop> pop3;

  /**
   * @param site the name of this site
   * @param nanos {@link System#nanoTime}
   */
  public SitePassing(
      String site,
      SiteSettings settings,
      Live live,
      CachedHomes homes,
      Dialer dialer,
      SiteMeter meter,
      LongSupplier nanos) {
    this.site = site;
    this.settings = settings;
    this.live = live;
    this.homes = homes;
    this.meter = meter;
    this.imap = hops(settings.imapBackEnds(), settings, dialer, meter, nanos);
    this.pop3 = hops(settings.pop3BackEnds(), settings, dialer, meter, nanos);
  }

  private static Map<String, SiteHop> hops(
      Optional<List<String>> texts,
      SiteSettings settings,
      Dialer dialer,
      SiteMeter meter,
      LongSupplier nanos) {
    var all = new HashMap<String, SiteHop>();
    SiteSettings.parseBackEnds(texts.orElse(List.of()))
        .forEach(
            (name, addresses) ->
                all.put(name, hop(name, addresses, settings, dialer, meter, nanos)));
    return Map.copyOf(all);
  }

  private static SiteHop hop(
      String name,
      List<Endpoint> addresses,
      SiteSettings settings,
      Dialer dialer,
      SiteMeter meter,
      LongSupplier nanos) {
    return new SiteHop(name, addresses, settings, dialer, meter, nanos);
  }

  @Override
  public Uni<Optional<String>> takeOver(
      Connection connection, MailProtocol protocol, Map<String, String> fields) {
    return HandOvers.take(connection, protocol, fields, meter);
  }

  @Override
  public Uni<Passage> passOn(
      Connection connection, MailProtocol protocol, Identity identity, Optional<String> program) {
    var login = new Login(connection, protocol, identity, program);
    var home = identity.elsewhere().orElseThrow();
    return enter(login, home)
        .chain(
            result ->
                result.outcome() == Outcome.NOT_HOME
                    ? again(login, home)
                    : Uni.createFrom().item(result))
        .map(result -> passage(connection, protocol, identity, result));
  }

  private record Login(
      Connection connection, MailProtocol protocol, Identity identity, Optional<String> program) {}

  private Uni<SiteHop.Result> again(Login login, Home before) {
    return homes
        .read(login.identity.name())
        .map(
            entry ->
                entry
                    .map(it -> it.home())
                    .filter(it -> !it.equals(before) && !it.site().equals(site)))
        .onFailure(failure -> !(failure instanceof CancellationException))
        .recoverWithItem(Optional.empty())
        .chain(
            newer ->
                newer.isPresent()
                    ? enter(login, newer.get())
                    : Uni.createFrom().item(SiteHop.Result.of(before.site(), Outcome.NOT_HOME)))
        .invoke(
            result -> {
              if (result.outcome() == Outcome.NOT_HOME) {
                meter.passedOn(login.protocol, result.site(), Outcome.LOOP);
              }
            });
  }

  private Uni<SiteHop.Result> enter(Login login, Home home) {
    var hops = login.protocol == MailProtocol.IMAP ? imap : pop3;
    var hop = Optional.ofNullable(hops.get(home.site()));
    if (hop.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "session {0}: no {1} back end of site={2} is set",
          login.connection.id(),
          login.protocol.label(),
          home.site());
      meter.passedOn(login.protocol, home.site(), Outcome.MISCONFIGURED);
      return Uni.createFrom().item(SiteHop.Result.of(home.site(), Outcome.MISCONFIGURED));
    }
    return hop.get()
        .enter(login.connection, login.protocol, login.identity.at(home), login.program);
  }

  private Passage passage(
      Connection connection, MailProtocol protocol, Identity identity, SiteHop.Result result) {
    return switch (result) {
      case SiteHop.Result.Entered entered ->
          new Passage.Entered(
              entered.answer(),
              new Pipe(
                  entered.stream(),
                  entered.rest(),
                  identity.name(),
                  entered.site(),
                  silence(protocol),
                  settings.disconnectSpread(),
                  observer(connection, protocol, entered.site())));
      case SiteHop.Result.Refused(var _, var code, var text) -> new Passage.Refused(code, text);
      case SiteHop.Result.Ended(var _, var outcome) ->
          outcome == Outcome.REFUSED ? new Passage.Denied() : new Passage.Unavailable();
    };
  }

  private Duration silence(MailProtocol protocol) {
    var now = live.now();
    return (protocol == MailProtocol.IMAP
            ? now.imap().authenticatedConnectionTimeout()
            : now.pop3().authenticatedConnectionTimeout())
        .plus(LONGER);
  }

  private Pipe.Observer observer(Connection connection, MailProtocol protocol, String to) {
    return new Pipe.Observer() {
      @Override
      public void began() {
        meter.piped(protocol, 1);
      }

      @Override
      public void ended(End how) {
        meter.piped(protocol, -1);
        if (how == End.BROKEN) {
          LOG.log(
              Level.WARNING,
              "session {0}: the connection to site={1} broke; the client will be closed",
              connection.id(),
              to);
          meter.broke(protocol, to);
        }
      }
    };
  }
}
