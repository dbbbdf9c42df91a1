package io.postern.app;

import io.postern.model.MailProtocol;
import io.postern.probe.Targets;
import io.postern.wire.transport.Listener;
import io.postern.wire.transport.Listener.Tls;
import jakarta.inject.Singleton;
import java.util.List;

/** The open listeners as targets of connectivity tests. */
@Singleton
class ListenerTargets implements Targets {
  private final Listeners listeners;

  ListenerTargets(Listeners listeners) {
    this.listeners = listeners;
  }

  @Override
  public List<Target> of(MailProtocol protocol) {
    return listeners.open().stream()
        .filter(it -> it.planned().protocol() == protocol)
        .map(Listeners.Opened::listener)
        .filter(it -> !it.binding().proxied() && !it.binding().fromSites())
        .map(ListenerTargets::target)
        .toList();
  }

  private static Target target(Listener listener) {
    var binding = listener.binding();
    return new Target(reachable(binding.host()), listener.port(), binding.tls() == Tls.IMPLICIT);
  }

  /** A listener on all addresses is reached by that of the loopback interface. */
  private static String reachable(String host) {
    return switch (host) {
      case "0.0.0.0" -> "127.0.0.1";
      case "::", "0:0:0:0:0:0:0:0" -> "::1";
      default -> host;
    };
  }
}
