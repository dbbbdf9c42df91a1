package io.postern.auth.sasl;

import io.postern.auth.Client;
import io.postern.auth.Client.HandOver;
import io.postern.auth.Login;
import io.postern.auth.LoginAttempt;
import io.postern.auth.NewerHome;
import io.postern.auth.Refusal;
import io.postern.auth.Sasl;
import io.postern.auth.Sasl.Step;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.Locale;
import java.util.Optional;

/**
 * EXTERNAL (RFC 4422 Appendix A) for front ends of other sites: the certificate of a site
 * authenticates the connection, and the authorization identity names the account. A site may name
 * every account but an administrator's mailbox. It must have sent the hand-over of its client
 * before.
 */
public final class SiteExternal implements Sasl.Mechanism {
  private final Login login;
  private final NewerHome newerHome;

  public SiteExternal(Login login, NewerHome newerHome) {
    this.login = login;
    this.newerHome = newerHome;
  }

  @Override
  public String name() {
    return "EXTERNAL";
  }

  @Override
  public boolean plainText() {
    return false;
  }

  @Override
  public boolean ofSites() {
    return true;
  }

  @Override
  public Uni<Step> start(Client client, Optional<Buffer> initialResponse) {
    return Sasl.clientFirst(initialResponse, response -> decide(client, response.toString()));
  }

  private Uni<Step> decide(Client client, String account) {
    var handOver = client.front().flatMap(Client.Front::handOver);
    return handOver.isEmpty() || account.isEmpty()
        ? Sasl.refuse(Refusal.MALFORMED)
        : decide(client, account, handOver.get());
  }

  private Uni<Step> decide(Client client, String account, HandOver handOver) {
    newerHome.atLeast(account.toLowerCase(Locale.ROOT), handOver.epoch());
    var user = handOver.user().orElse(account);
    var other = Optional.of(account).filter(it -> !it.equalsIgnoreCase(user));
    return login.vouched(new LoginAttempt(client, name(), user, other)).map(Sasl::step);
  }
}
