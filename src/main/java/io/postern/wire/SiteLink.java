package io.postern.wire;

import io.smallrye.mutiny.Uni;
import java.util.Optional;

/**
 * What a connection has to do with other sites: one of them may be its front end, and it may be
 * passed on to another. On the connection's context.
 */
public interface SiteLink {
  /**
   * The site whose front end this is, by its certificate, when the connection passes on that of a
   * client; empty for a client's own connection.
   */
  Optional<String> front();

  /** What the front end has sent about its client; empty before that. */
  Optional<HandOver> handOver();

  /**
   * Takes over the client of a front end: from now on the connection's id and addresses are the
   * client's. Only for a connection with a {@link #front}, once, before login.
   *
   * @return whether the client is admitted; not when the front end means another site, or when
   *     there is a session of that id
   */
  Uni<Boolean> takeOver(HandOver handOver);

  /**
   * Connects the client with another server when the running command has ended: from then on octets
   * pass in both directions as they are, until one of them closes.
   */
  void pipe(Pipe pipe);

  /** Of a client's own connection, where there is one site only. */
  SiteLink NONE =
      new SiteLink() {
        @Override
        public Optional<String> front() {
          return Optional.empty();
        }

        @Override
        public Optional<HandOver> handOver() {
          return Optional.empty();
        }

        @Override
        public Uni<Boolean> takeOver(HandOver handOver) {
          throw new IllegalStateException("this is a client's own connection");
        }

        @Override
        public void pipe(Pipe pipe) {
          throw new IllegalStateException("there is one site only");
        }
      };
}
