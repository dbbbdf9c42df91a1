package io.postern.auth;

import io.postern.config.Live;
import io.postern.config.LiveSettings;
import io.postern.config.area.AuthSettings;
import io.postern.config.area.AuthSettings.ExtendedProtection;
import io.postern.config.area.AuthSettings.LoginType;
import java.util.List;

/** The supported SASL mechanisms, and those available to a client now. */
public final class Mechanisms {
  /**
   * What a client may use to log in.
   *
   * @param password whether a name and a password may be given as they are: LOGIN, USER and PASS
   * @param names the SASL mechanisms, the preferred first
   */
  public record Offer(boolean password, List<String> names) {
    /** Nothing. */
    public static final Offer NONE = new Offer(false, List.of());

    public Offer {
      names = List.copyOf(names);
    }
  }

  /** The result of choosing a mechanism. */
  public sealed interface Choice {
    /** It may be used. */
    record Available(Sasl.Mechanism mechanism) implements Choice {}

    /** It may be used only with TLS. */
    record AfterTls() implements Choice {}

    /** No mechanism of that name is supported. */
    record Unknown() implements Choice {}
  }

  private final Live live;
  private final List<Sasl.Mechanism> all;

  /**
   * @param all the preferred first
   */
  public Mechanisms(Live live, List<Sasl.Mechanism> all) {
    this.live = live;
    this.all = List.copyOf(all);
  }

  /** What the current settings offer the client. */
  public Offer offer(Client client) {
    return new Offer(
        password(client),
        all.stream().filter(m -> isAvailable(client, m)).map(Sasl.Mechanism::name).toList());
  }

  /**
   * The mechanism of this name, in any case, when the client may use it.
   *
   * @param name as the client gave it
   */
  public Choice choose(Client client, String name) {
    return all.stream()
        .filter(m -> m.name().equalsIgnoreCase(name) && m.ofSites() == client.front().isPresent())
        .findFirst()
        .<Choice>map(m -> choice(client, m))
        .orElseGet(Choice.Unknown::new);
  }

  private Choice choice(Client client, Sasl.Mechanism mechanism) {
    if (isAvailable(client, mechanism)) {
      return new Choice.Available(mechanism);
    }
    return client.secure() ? new Choice.Unknown() : new Choice.AfterTls();
  }

  private boolean isAvailable(Client client, Sasl.Mechanism mechanism) {
    if (client.front().isPresent() || mechanism.ofSites()) {
      return client.front().isPresent() && mechanism.ofSites();
    }
    boolean bindsEnough =
        settings(client).extendedProtectionPolicy() != ExtendedProtection.REQUIRE
            || mechanism.bindsChannel();
    return mechanism.offered(client)
        && bindsEnough
        && (client.secure()
            || switch (settings(client).loginType()) {
              case PLAIN_TEXT_LOGIN -> true;
              case PLAIN_TEXT_AUTHENTICATION -> !mechanism.plainText();
              case SECURE_LOGIN -> false;
            });
  }

  private boolean password(Client client) {
    var settings = settings(client);
    return client.front().isEmpty()
        && (client.secure() || settings.loginType() == LoginType.PLAIN_TEXT_LOGIN)
        && settings.extendedProtectionPolicy() != ExtendedProtection.REQUIRE;
  }

  private AuthSettings.PerProtocol settings(Client client) {
    return LiveSettings.login(live.now(), client.protocol());
  }
}
