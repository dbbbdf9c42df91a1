package io.postern.site;

import io.postern.model.MailProtocol;
import io.postern.wire.Connection;
import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.Optional;

/** Decides on the hand-overs of clients whose connections peers pass on. */
public final class HandOvers {
  private HandOvers() {}

  /**
   * Accepts the hand-over of a peer, if it is the front end of another site.
   *
   * @return why it is refused, for people; empty when it is taken
   */
  public static Uni<Optional<String>> take(
      Connection connection, MailProtocol protocol, Map<String, String> fields, SiteMeter meter) {
    var link = connection.sites();
    if (link.front().isEmpty()) {
      meter.untrustedHandOver(
          protocol, connection.id(), String.valueOf(connection.remote().hostAddress()));
      return refused("Only other sites of this server may pass on connections");
    }
    if (link.handOver().isPresent()) {
      return refused("The connection was passed on already");
    }
    try {
      return link.takeOver(HandOverFields.parse(fields, connection.local()))
          .map(
              taken ->
                  taken
                      ? Optional.empty()
                      : Optional.of("The connection is for another site, or known already"));
    } catch (HandOverFields.Malformed e) {
      if (e.isLoop()) {
        meter.looped(protocol);
      }
      return refused(String.valueOf(e.getMessage()));
    }
  }

  private static Uni<Optional<String>> refused(String why) {
    return Uni.createFrom().item(Optional.of(why));
  }
}
