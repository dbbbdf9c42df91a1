package io.postern.app.wiring;

import io.postern.admin.NodeName;
import io.postern.admin.security.AdminToken;
import io.postern.config.BootSettings;
import io.postern.probe.ConnectivityTests;
import io.postern.probe.Targets;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Wires what the admin interface shows of this server. */
final class AdminWiring {
  @Produces
  @Singleton
  AdminToken token(BootSettings settings) {
    return AdminToken.of(settings.admin(), settings.demo().enabled());
  }

  @Produces
  @Singleton
  ConnectivityTests connectivityTests(Targets targets) {
    return new ConnectivityTests(targets);
  }

  @Produces
  @Singleton
  NodeName node() {
    try {
      return new NodeName(InetAddress.getLocalHost().getHostName());
    } catch (UnknownHostException _) {
      // The machine has no host name.
      return new NodeName("localhost");
    }
  }
}
