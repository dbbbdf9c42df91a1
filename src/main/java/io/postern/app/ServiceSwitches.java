package io.postern.app;

import io.postern.config.Live;
import io.postern.config.LiveSettings;
import io.postern.config.component.Components;
import io.postern.model.MailProtocol;
import io.postern.observe.ListenerReadiness;
import io.postern.wire.registry.SessionRegistry;
import io.postern.wire.transport.Listener;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Switches the services of this node on and off. A service is always stopped in the same way, by a
 * setting, by an administrator or by the end of the process: the node is not ready, the service
 * accepts no more connections, and each session is asked to leave between two of its commands,
 * spread over {@code mail.drain.spread}.
 */
@Singleton
class ServiceSwitches implements Components, ListenerReadiness.Listeners {
  private final Listeners listeners;
  private final SettingsPages pages;
  private final Live live;
  private final SessionRegistry sessions;
  private final Map<MailProtocol, State> requestedState = new ConcurrentHashMap<>();
  private volatile boolean ending;

  ServiceSwitches(Listeners listeners, SettingsPages pages, Live live, SessionRegistry sessions) {
    this.listeners = listeners;
    this.pages = pages;
    this.live = live;
    this.sessions = sessions;
  }

  /** Applies the settings and the requested states to the listeners; blocks. */
  void apply() {
    if (!ending) {
      listeners.apply(protocol -> requestedState(protocol) == State.ACTIVE, this::spread);
      pages.apply();
    }
  }

  /** Stops all services, and returns when the sessions have ended or their time is over. */
  void end() {
    ending = true;
    pages.end();
    listeners.end(live.now().drain().spread());
  }

  private State requestedState(MailProtocol protocol) {
    return requestedState.getOrDefault(protocol, State.ACTIVE);
  }

  private Duration spread(MailProtocol protocol) {
    return requestedState(protocol) == State.INACTIVE ? Duration.ZERO : live.now().drain().spread();
  }

  @Override
  public List<Component> all() {
    return Arrays.stream(MailProtocol.values()).map(this::component).toList();
  }

  @Override
  public Optional<Component> set(String name, State state) {
    var protocol = MailProtocol.of(name);
    protocol.ifPresent(
        it -> {
          requestedState.put(it, state);
          Infrastructure.getDefaultExecutor().execute(() -> applied(it, state));
        });
    return protocol.map(this::component);
  }

  private void applied(MailProtocol protocol, State state) {
    apply();
    if (state == State.INACTIVE) {
      listeners.drainNow(protocol);
    }
  }

  private Component component(MailProtocol protocol) {
    boolean enabled = LiveSettings.enabled(live.now(), protocol);
    int open = sessions.count(protocol);
    boolean active = enabled && !ending && requestedState(protocol) == State.ACTIVE;
    var state = active ? State.ACTIVE : open > 0 ? State.DRAINING : State.INACTIVE;
    var endpoints =
        listeners.open().stream()
            .filter(it -> it.planned().protocol() == protocol)
            .map(ServiceSwitches::endpoint)
            .toList();
    return new Component(protocol.label(), enabled, state, open, endpoints);
  }

  /** A node with a failed listener is not ready, so that no clients are sent to it. */
  @Override
  public boolean listening() {
    return !ending
        && listeners.failures().isEmpty()
        && Arrays.stream(MailProtocol.values())
            .filter(protocol -> LiveSettings.enabled(live.now(), protocol))
            .allMatch(protocol -> requestedState(protocol) == State.ACTIVE);
  }

  @Override
  public List<String> endpoints() {
    return listeners.open().stream().map(ServiceSwitches::endpoint).toList();
  }

  /** Includes those of the settings page, which do not make the node unready. */
  @Override
  public List<String> failures() {
    return Stream.concat(listeners.failures().stream(), pages.failures().stream()).toList();
  }

  private static String endpoint(Listeners.Opened opened) {
    var listener = opened.listener();
    var binding = listener.binding();
    var host = binding.host().contains(":") ? "[" + binding.host() + "]" : binding.host();
    var protocol = opened.planned().protocol().name();
    return protocol
        + " "
        + host
        + ":"
        + listener.port()
        + (binding.fromSites() ? " (for other sites)" : tls(binding.tls()));
  }

  private static String tls(Listener.Tls tls) {
    return switch (tls) {
      case NONE -> "";
      case STARTTLS -> " (STARTTLS)";
      case IMPLICIT -> " (TLS)";
    };
  }
}
