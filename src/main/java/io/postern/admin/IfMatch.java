package io.postern.admin;

import io.postern.admin.security.ProblemException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.util.Arrays;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Conditional updates: a caller changes only the version it has seen (RFC 9110 §13.1.1). */
@Singleton
final class IfMatch {
  private static final int OK = 200;

  /** Responses that show an account carry its entity tag. */
  @ServerResponseFilter
  void tag(ContainerResponseContext response) {
    if (response.getStatus() / 100 == OK / 100
        && response.getEntity() instanceof AccountView account) {
      response.getHeaders().putSingle("ETag", account.tag());
    }
  }

  /**
   * Returns if the header names the tag, or if there is no header.
   *
   * @throws ProblemException 412
   */
  static void require(Optional<String> header, String tag) {
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
