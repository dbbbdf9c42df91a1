package io.postern.config.component;

import java.util.List;
import java.util.Optional;

/**
 * The services of this node, which can be drained and activated like Exchange's server components.
 * May be called from any thread.
 */
public interface Components {
  /** The state of a service. Exchange: Set-ServerComponentState. */
  enum State {
    /** Accepts connections, if it is enabled. */
    ACTIVE,
    /** Accepts no new connections; its sessions are asked to end, each between two commands. */
    DRAINING,
    /** Accepts no connections and has no sessions. */
    INACTIVE
  }

  /**
   * A service and its state.
   *
   * @param name {@code imap}, {@code pop3} or {@code lmtp}
   * @param enabled whether the settings switch it on
   * @param state inactive, too, when it is not enabled and its last session has ended
   * @param sessions how many are open
   * @param endpoints the endpoints it listens on
   */
  record Component(
      String name, boolean enabled, State state, int sessions, List<String> endpoints) {
    public Component {
      endpoints = List.copyOf(endpoints);
    }
  }

  /** Returns all services. */
  List<Component> all();

  /**
   * Sets the state of a service of this node, and returns at once. {@code DRAINING} becomes
   * inactive when the last session has ended; {@code INACTIVE} asks all sessions to end now. The
   * state lasts until it is set again or the process ends.
   *
   * @return the service in its new state; empty for an unknown name
   */
  Optional<Component> set(String name, State state);
}
