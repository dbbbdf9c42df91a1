package io.postern.admin;

import io.postern.admin.security.ProblemException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.util.Arrays;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Conditional updates: a caller changes only the version it has seen (RFC 9110 §13.1.1). */
@Singleton
public final class IfMatch {
  private static final int OK = 200;

  IfMatch() {}

  /** Responses that show a resource with an entity tag carry it. */
  @ServerResponseFilter
  void tag(ContainerResponseContext response) {
    if (response.getStatus() / 100 == OK / 100 && response.getEntity() instanceof Tagged tagged) {
      response.getHeaders().putSingle("ETag", tagged.tag());
    }
  }

  /**
   * Returns if the header names the tag, or if there is no header.
   *
   * @throws ProblemException 412
   */
  public static void require(Optional<String> header, String tag) {
    boolean fits =
        header
            .map(
                tags ->
                    Arrays.stream(tags.split(","))
                        .map(String::strip)
                        .anyMatch(one -> one.equals("*") || one.equals(tag)))
            .orElse(true);
    if (!fits) {
      throw ProblemException.stale("It was changed meanwhile: its ETag is " + tag);
    }
  }
}
