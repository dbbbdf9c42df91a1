package io.postern.auth.sasl;

import io.postern.auth.IssuerKeysMeter;
import io.postern.auth.Login;
import io.postern.auth.Mechanisms;
import io.postern.auth.NewerHome;
import io.postern.auth.password.Workers;
import io.postern.config.Live;
import io.postern.store.account.Accounts;
import java.time.InstantSource;
import java.util.List;

/** The list of all supported mechanisms, the preferred first. */
public final class SaslCatalogue {
  private SaslCatalogue() {}

  /** All of them, on a single site; the current settings determine which are offered. */
  public static Mechanisms of(
      Live live,
      Login login,
      Accounts accounts,
      Workers workers,
      InstantSource clock,
      IssuerKeysMeter meter) {
    return of(live, login, accounts, workers, clock, meter, NewerHome.NONE);
  }

  /** The same with one that is notified of homes that other sites know. */
  public static Mechanisms of(
      Live live,
      Login login,
      Accounts accounts,
      Workers workers,
      InstantSource clock,
      IssuerKeysMeter meter,
      NewerHome newerHome) {
    var tokens = new JwtTokens(workers, clock, meter);
    return new Mechanisms(
        live,
        List.of(
            new External(login, live),
            new SiteExternal(login, newerHome),
            new Gssapi(login, live, workers),
            Scram.sha256Plus(login, accounts, live),
            Scram.sha256(login, accounts, live),
            Bearer.oauthBearer(login, tokens, live),
            Bearer.xoauth2(login, tokens, live),
            new Plain(login),
            new PlainLogin(login)));
  }
}
