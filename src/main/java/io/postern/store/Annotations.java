package io.postern.store;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The annotations of mailboxes, and of the server as one user has them (RFC 5464 §3). The names of
 * entries are in lower case; those that begin with {@link #PRIVATE} are the viewer's alone, the
 * others are the same for all.
 */
public interface Annotations {
  /** How the names of private entries begin. */
  String PRIVATE = "/private/";

  /**
   * What is annotated.
   *
   * @param mailbox of the account; empty: the server, as the account sees it
   */
  record Subject(AccountId account, Optional<MailboxId> mailbox) {}

  /**
   * An annotation.
   *
   * @param mailbox empty: of the server
   * @param octets of its value
   * @param value empty when it has more octets than were asked for
   */
  record Found(Optional<MailboxId> mailbox, String entry, int octets, Optional<Buffer> value) {}

  /**
   * Which value an annotation has.
   *
   * @param mailbox empty: of the server
   * @param number another one whenever the value is set
   */
  record Version(Optional<MailboxId> mailbox, String entry, long number) {}

  /** Which entries below the named ones are meant, too (RFC 5464 §4.2.2). */
  enum Depth {
    /** None. */
    ITSELF,
    /** Those immediately below. */
    CHILDREN,
    /** All. */
    ALL
  }

  /**
   * Which annotations are read.
   *
   * @param entries their names
   * @param most octets of the values that are read
   */
  record Query(Set<String> entries, Depth depth, long most) {
    public Query {
      entries = Set.copyOf(entries);
    }
  }

  /**
   * Bounds.
   *
   * @param entries annotations of one subject that are shared, and that are one viewer's
   * @param octets of all values of the account
   */
  record Limits(int entries, long octets) {}

  /** The annotations that the viewer sees, in the order of their names. */
  Uni<List<Found>> read(Subject subject, AccountId viewer, Query query);

  /** The annotations of all mailboxes of the account that the viewer sees, by one statement. */
  Uni<List<Found>> readAll(AccountId account, AccountId viewer, Query query);

  /**
   * The versions of the annotations that the viewer sees, of the server and of all mailboxes of the
   * account, by one statement.
   *
   * @param most that are read
   */
  Uni<List<Version>> versions(AccountId account, AccountId viewer, int most);

  /**
   * Sets annotations, all or none; an empty value removes one, if it is there. Returns the version
   * that those set have from now on.
   *
   * <p>Fails with {@link StoreFailure.MailboxGone}, with {@link StoreFailure.LimitReached} when a
   * new one would be one too many, and with {@link StoreFailure.OverQuota} when values would take
   * more octets than allowed, and more than before.
   */
  Uni<Long> set(
      Subject subject, AccountId viewer, Map<String, Optional<Buffer>> values, Limits limits);
}
