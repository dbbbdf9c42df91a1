package io.postern.site;

import io.postern.auth.Identity;
import io.postern.model.MailProtocol;
import io.postern.wire.Connection;
import io.postern.wire.Pipe;
import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.Optional;

/** What the protocols need of other sites. Called on a connection's context. */
public interface Sites {
  /** How passing on a connection ended. */
  sealed interface Passage {
    /**
     * The user is logged in at the home site.
     *
     * @param answer the home site's response to the login: of IMAP without the tag, {@code OK …};
     *     of POP3 {@code +OK …}; without its line end
     * @param pipe a pipe whose answer is what came behind that line; the session puts its own
     *     response before it, or closes its server
     */
    record Entered(String answer, Pipe pipe) implements Passage {}

    /**
     * The home site refuses the login of an authenticated user.
     *
     * @param code the response code, without brackets
     * @param text for people
     */
    record Refused(String code, String text) implements Passage {}

    /** The home site does not let the user log in: the client learns no more than of others. */
    record Denied() implements Passage {}

    /** The home site cannot be reached, or no site is the home of the mailbox. */
    record Unavailable() implements Passage {}
  }

  /**
   * Passes on the connection of a user whose home is another site; never fails.
   *
   * @param program the name that the client's program has given itself
   */
  Uni<Passage> passOn(
      Connection connection, MailProtocol protocol, Identity identity, Optional<String> program);

  /**
   * Accepts the hand-over of a peer.
   *
   * @param fields with names in lower case; see {@link HandOverFields}
   * @return why it is refused, for people; empty when it is taken
   */
  Uni<Optional<String>> takeOver(
      Connection connection, MailProtocol protocol, Map<String, String> fields);

  /** There is one site only. */
  Sites SINGLE = single(SiteMeter.NONE);

  /** The same with a meter, which counts peers that claim to be another site. */
  static Sites single(SiteMeter meter) {
    return new Sites() {
      @Override
      public Uni<Passage> passOn(
          Connection connection,
          MailProtocol protocol,
          Identity identity,
          Optional<String> program) {
        throw new IllegalStateException("there is one site only");
      }

      @Override
      public Uni<Optional<String>> takeOver(
          Connection connection, MailProtocol protocol, Map<String, String> fields) {
        return HandOvers.take(connection, protocol, fields, meter);
      }
    };
  }
}
