package io.postern.auth.directory;

import com.unboundid.ldap.sdk.LDAPException;
import io.postern.auth.DirectoryMeter;
import io.postern.auth.DirectoryPasswords;
import io.postern.auth.directory.RecentEntries.Entry;
import io.postern.auth.password.Credentials;
import io.postern.auth.password.Workers;
import io.postern.config.Live;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.account.Secret;
import io.smallrye.mutiny.Uni;
import java.io.File;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Passwords of an LDAP directory, by the settings in force. */
public final class LdapDirectory implements DirectoryPasswords, AutoCloseable {
  private static final Logger LOG = System.getLogger(LdapDirectory.class.getName());

  /** A call of the directory. */
  @FunctionalInterface
  private interface Call<T> {
    T make(Session session) throws LDAPException;
  }

  /**
   * What belongs to one set of settings.
   *
   * @param passwordTime when the file with the password of {@code bind-dn} was written
   * @param verified passwords that were right
   */
  private record Session(
      LdapTerms terms,
      long passwordTime,
      LdapConnections connections,
      RecentEntries entries,
      Credentials verified) {
    /** Whether nothing has changed; a password file that is away for a moment is no change. */
    boolean isOf(LdapTerms now, long time) {
      return terms.equals(now) && (time == passwordTime || time == 0);
    }
  }

  private final Supplier<LdapTerms> terms;
  private final Workers workers;
  private final DirectoryMeter meter;
  private final LongSupplier clock;
  private final Object lock = new Object();
  private final AtomicBoolean answers = new AtomicBoolean(true);

  /** Guarded by the lock; none until it is needed. */
  private @Nullable Session session;

  /**
   * @param workers whose threads block; no others use them
   */
  public LdapDirectory(Live live, Workers workers, DirectoryMeter meter) {
    this(live, workers, meter, System::nanoTime);
  }

  LdapDirectory(Live live, Workers workers, DirectoryMeter meter, LongSupplier clock) {
    this.terms = live.derived(settings -> LdapTerms.of(settings.auth().directory()));
    this.workers = workers;
    this.meter = meter;
    this.clock = clock;
  }

  @Override
  public boolean decides(String user) {
    return terms.get().decides(user);
  }

  @Override
  public Uni<Optional<String>> account(String user) {
    return call(it -> entry(it, user).map(Entry::account));
  }

  @Override
  public Uni<Boolean> verify(String user, Secret password) {
    return call(
        it -> {
          var entry = entry(it, user);
          var dn = entry.map(Entry::dn).orElseGet(it.connections::unknownDn);
          var key = new Secret(dn);
          if (entry.isPresent() && it.verified.contains(key, password)) {
            return true;
          }
          boolean right =
              metered(DirectoryMeter.Call.BIND, () -> it.connections.bind(dn, password))
                  && entry.isPresent();
          if (right) {
            it.verified.remember(key, password);
          }
          return right;
        });
  }

  private Optional<Entry> entry(Session session, String user) throws LDAPException {
    var name = user.toLowerCase(Locale.ROOT);
    var known = session.entries.get(name);
    if (known.isPresent()) {
      return known.get();
    }
    var found = metered(DirectoryMeter.Call.SEARCH, () -> session.connections.search(name));
    session.entries.put(name, found);
    return found;
  }

  /** A question to the directory. */
  @FunctionalInterface
  private interface Question<T> {
    T ask() throws LDAPException;
  }

  private <T> T metered(DirectoryMeter.Call call, Question<T> question) throws LDAPException {
    long begun = System.nanoTime();
    boolean answered = false;
    try {
      var answer = question.ask();
      answered = true;
      return answer;
    } finally {
      meter.called(call, answered, Duration.ofNanos(System.nanoTime() - begun));
    }
  }

  private <T> Uni<T> call(Call<T> call) {
    return workers.run(
        () -> {
          try {
            var result = call.make(session());
            if (answers.compareAndSet(false, true)) {
              LOG.log(Level.INFO, "The directory answers again");
            }
            return result;
          } catch (LDAPException | IOException | GeneralSecurityException e) {
            if (answers.compareAndSet(true, false)) {
              LOG.log(
                  Level.WARNING,
                  "The directory does not answer; logins are unavailable: {0}",
                  e.getMessage());
            }
            throw new StoreException(new StoreFailure.Unavailable("the directory does not answer"));
          }
        });
  }

  /** The session of the settings and the password in force; one of older ones is closed. */
  private Session session() throws LDAPException, IOException, GeneralSecurityException {
    var now = terms.get();
    long passwordTime = now.bindPasswordFile().map(it -> new File(it).lastModified()).orElse(0L);
    synchronized (lock) {
      var last = session;
      if (last != null && last.isOf(now, passwordTime)) {
        return last;
      }
      var next =
          new Session(
              now,
              passwordTime,
              new LdapConnections(now),
              new RecentEntries(now.cache(), clock),
              new Credentials(now.cache(), RecentEntries.MOST, clock));
      session = next;
      if (last != null) {
        last.connections.close();
      }
      return next;
    }
  }

  @Override
  public void close() {
    workers.close();
    synchronized (lock) {
      if (session != null) {
        session.connections.close();
      }
    }
  }
}
