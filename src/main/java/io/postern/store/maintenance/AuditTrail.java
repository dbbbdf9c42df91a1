package io.postern.store.maintenance;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What administrators did: calls of the admin API that changed something, were refused for want of
 * a role, or read mail. Kept for {@code mail.retention.audit}.
 */
public interface AuditTrail {
  /**
   * A call.
   *
   * @param actor who called
   * @param address from which
   * @param action the method and the resource, such as {@code PATCH accounts/{name}}
   * @param path of the call, without its query
   * @param account the name of the account that it was about, lower case
   * @param status of the response
   */
  record Call(
      Instant at,
      String actor,
      String address,
      String action,
      String path,
      Optional<String> account,
      int status) {}

  /**
   * A call that is kept.
   *
   * @param id greater than those of calls before it
   */
  record Kept(long id, Call call) {}

  /**
   * Which calls are wanted: those that meet all that is given.
   *
   * @param action how the action begins
   * @param from the first moment
   * @param to the moment before which they were
   */
  record Filter(
      Optional<String> account,
      Optional<String> actor,
      Optional<String> action,
      Optional<Instant> from,
      Optional<Instant> to) {}

  /** Adds a call. */
  Uni<Void> add(Call call);

  /**
   * Calls, the newest first.
   *
   * @param before only those with a smaller id
   * @param limit how many at most, at least 1
   */
  Uni<List<Kept>> page(Filter filter, long before, int limit);

  /**
   * Removes calls that are older.
   *
   * @return how many
   */
  Uni<Long> expire(Duration retention);
}
