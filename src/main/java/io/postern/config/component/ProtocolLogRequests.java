package io.postern.config.component;

import io.postern.model.MailProtocol;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Requests of administrators to log the commands of one account or of one network for a time, on
 * all replicas, whatever the settings say. They end by themselves. May be called from any thread;
 * never blocks.
 */
public interface ProtocolLogRequests {
  /** The most requests at a time. */
  int MAX_REQUESTS = 100;

  /**
   * A request.
   *
   * @param id 16 hexadecimal digits
   * @param protocol only of this one; of all that have a log when empty
   * @param user a login name in lower case; empty for any
   * @param network an address, or a network in CIDR notation; empty for any. One of both is given
   * @param until when it ends
   */
  record Request(
      String id,
      Optional<MailProtocol> protocol,
      Optional<String> user,
      Optional<String> network,
      Instant until) {}

  /** The requests that have not ended, by id. */
  List<Request> all();

  /**
   * Adds a request, on all replicas.
   *
   * @param request its id is not in use
   * @return whether it was added; it is not if there are {@link #MAX_REQUESTS}
   */
  boolean add(Request request);

  /** Ends a request, on all replicas; returns whether this one knew it. */
  boolean remove(String id);

  /** Whether some request concerns the protocol; read at each command. */
  boolean concern(MailProtocol protocol);

  /**
   * Whether a request concerns a session.
   *
   * @param user its user; empty before login
   * @param address the client's address
   */
  boolean concern(MailProtocol protocol, Optional<String> user, String address);

  /** No requests. */
  ProtocolLogRequests NONE =
      new ProtocolLogRequests() {
        @Override
        public List<Request> all() {
          return List.of();
        }

        @Override
        public boolean add(Request request) {
          return false;
        }

        @Override
        public boolean remove(String id) {
          return false;
        }

        @Override
        public boolean concern(MailProtocol protocol) {
          return false;
        }

        @Override
        public boolean concern(MailProtocol protocol, Optional<String> user, String address) {
          return false;
        }
      };
}
