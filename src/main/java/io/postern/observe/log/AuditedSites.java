package io.postern.observe.log;

import io.postern.model.MailProtocol;
import io.postern.observe.meter.SiteMeters;
import io.postern.site.SiteMeter;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;

/** Counts what happens between sites, and audits peers that claim to be another site. */
@Singleton
public class AuditedSites implements SiteMeter {
  private final SiteMeters meters;

  AuditedSites(SiteMeters meters) {
    this.meters = meters;
  }

  @Override
  public void lookedUp(Lookup how) {
    meters.lookedUp(how);
  }

  @Override
  public void passedOn(MailProtocol protocol, String site, Outcome outcome) {
    meters.passedOn(protocol, site, outcome);
  }

  @Override
  public void piped(MailProtocol protocol, int change) {
    meters.piped(protocol, change);
  }

  @Override
  public void broke(MailProtocol protocol, String site) {
    meters.broke(protocol, site);
  }

  @Override
  public void certificateRefused(boolean incoming, CertificateFault why) {
    meters.certificateRefused(incoming, why);
  }

  @Override
  public void untrustedHandOver(MailProtocol protocol, String session, String address) {
    meters.untrustedHandOver(protocol, session, address);
    AuditLog.write(
        new JsonObject()
            .put("event", "hand-over-refused")
            .put("result", "untrusted")
            .put("sessionId", session)
            .put("protocol", protocol.label())
            .put("address", address));
  }

  @Override
  public void looped(MailProtocol protocol) {
    meters.looped(protocol);
  }
}
