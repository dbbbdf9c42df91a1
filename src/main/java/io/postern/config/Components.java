package io.postern.config;

import java.util.List;
import java.util.Optional;

/**
 * The services of this node, to be taken out of work and put back as Exchange's server components
 * are. May be asked from any thread.
 */
public interface Components {
  /** What a service does. Exchange: Set-ServerComponentState. */
  enum State {
    /** It takes connections, if it is enabled. */
    ACTIVE,
    /** It takes no more; its sessions are asked to leave, each between two commands. */
    DRAINING,
    /** It takes none and has none. */
    INACTIVE
  }

  /**
   * A service as it is.
   *
   * @param name {@code imap}, {@code pop3} or {@code lmtp}
   * @param enabled whether the settings switch it on
   * @param state inactive, too, when it is not enabled and its last session has gone
   * @param sessions how many are open
   * @param places where it listens
   */
  record Component(String name, boolean enabled, State state, int sessions, List<String> places) {
    public Component {
      places = List.copyOf(places);
    }
  }

  /** All of them. */
  List<Component> all();

  /**
   * Brings a service of this node into a state, and returns at once. {@code DRAINING} becomes
   * inactive when the last session has gone; {@code INACTIVE} asks all sessions to leave now. The
   * state lasts until it is set again or the process ends.
   *
   * @return the service as it is now; empty when there is none of that name
   */
  Optional<Component> set(String name, State state);
}
