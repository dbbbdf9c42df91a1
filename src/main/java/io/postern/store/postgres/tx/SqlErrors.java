package io.postern.store.postgres.tx;

import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.vertx.core.VertxException;
import io.vertx.core.impl.NoStackTraceThrowable;
import io.vertx.pgclient.PgException;
import jakarta.persistence.PersistenceException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Classifies errors of the database and of the connection to it. */
public final class SqlErrors {
  private static final String SERIALIZATION_FAILURE = "40001";
  private static final String DEADLOCK = "40P01";
  private static final String DUPLICATE = "23505";
  private static final String FOREIGN_KEY = "23503";
  private static final String LOCK_TIMEOUT = "55P03";
  private static final String QUERY_CANCELED = "57014";
  private static final String IN_FAILED_TRANSACTION = "25P02";

  /** A trigger of the schema has refused to change an account that is being moved. */
  private static final String MOVING = "PM001";

  /** admin_shutdown, crash_shutdown. */
  private static final Set<String> SERVER_STOPS = Set.of("57P01", "57P02");

  private SqlErrors() {}

  /** Maps the error to the ports' failures; an error of our own stays as it is. */
  static Throwable translate(Throwable fault) {
    if (fault instanceof StoreException || !ofDatabase(fault)) {
      return fault;
    }
    if (state(fault).filter(MOVING::equals).isPresent()) {
      return new StoreException(
          new StoreFailure.Unavailable("the account is being moved to another site"), fault);
    }
    return new StoreException(
        new StoreFailure.Unavailable("the database gave no answer: " + fault.getMessage()), fault);
  }

  /** Whether the database did not answer at all. */
  static boolean unanswered(Throwable fault) {
    return ofDatabase(fault) && state(fault).isEmpty();
  }

  /** Whether the connection broke, or the server ended it because it stops. */
  static boolean connectionLost(Throwable fault) {
    return unanswered(fault) || state(fault).filter(SERVER_STOPS::contains).isPresent();
  }

  /** Whether PostgreSQL aborted the transaction in favour of another. */
  static boolean lostToAnother(Throwable fault) {
    return state(fault).filter(Set.of(SERIALIZATION_FAILURE, DEADLOCK)::contains).isPresent();
  }

  /** Whether PostgreSQL was asked to cancel the statement, or cancelled it for its length. */
  static boolean cancelled(Throwable fault) {
    return state(fault).filter(QUERY_CANCELED::equals).isPresent();
  }

  /** Whether the transaction has failed already and PostgreSQL waits for its end. */
  static boolean inFailedTransaction(Throwable fault) {
    return state(fault).filter(IN_FAILED_TRANSACTION::equals).isPresent();
  }

  /**
   * Whether the database refuses our settings, now and later: the user or its password (class 28),
   * the database's name (3D), or the user's privileges (42).
   */
  public static boolean isPermanent(Throwable fault) {
    return state(fault).filter(state -> state.matches("(28|3D|42).*")).isPresent();
  }

  /** Whether a unique key was violated. */
  public static boolean duplicate(Throwable fault) {
    return state(fault).filter(DUPLICATE::equals).isPresent();
  }

  /** Whether a row is referred to, or does not exist that another refers to. */
  public static boolean referenced(Throwable fault) {
    return state(fault).filter(FOREIGN_KEY::equals).isPresent();
  }

  /**
   * Whether an error would hit every append of a batch: the mailbox is gone, its lock was not
   * available, or the server did not answer, so that it is unknown whether the commit succeeded.
   */
  public static boolean affectsAllCalls(Throwable fault) {
    return fault instanceof StoreException sqlState
        ? sqlState.failure() instanceof StoreFailure.MailboxGone
        : ofDatabase(fault) && state(fault).filter(state -> !state.equals(LOCK_TIMEOUT)).isEmpty();
  }

  private static Optional<String> state(Throwable fault) {
    return causes(fault).flatMap(cause -> ownState(cause).stream()).findFirst();
  }

  /** The plain client's error, or the one that Hibernate wraps it in. */
  private static Optional<String> ownState(Throwable cause) {
    return switch (cause) {
      case PgException refused -> Optional.ofNullable(refused.getSqlState());
      case SQLException refused -> Optional.ofNullable(refused.getSQLState());
      default -> Optional.empty();
    };
  }

  private static boolean ofDatabase(Throwable fault) {
    return causes(fault)
        .anyMatch(
            cause ->
                cause instanceof PgException
                    || cause instanceof VertxException
                    || cause instanceof NoStackTraceThrowable
                    || cause instanceof IOException
                    || cause instanceof TimeoutException
                    || cause instanceof PersistenceException);
  }

  private static Stream<Throwable> causes(Throwable fault) {
    return Stream.iterate(fault, cause -> cause != null, Throwable::getCause).limit(10);
  }
}
