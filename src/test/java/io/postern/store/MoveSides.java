package io.postern.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.BlobId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.FlagsUpdate;
import io.postern.model.message.FlagsUpdate.Mode;
import io.postern.model.message.SystemFlag;
import io.postern.site.HomeDirectory.Published;
import io.postern.site.MemoryDirectory;
import io.postern.site.move.MoveMeter;
import io.postern.site.move.MoveRequests;
import io.postern.site.move.MoveRunner;
import io.postern.site.move.MoveSites;
import io.postern.site.move.MoveSteps;
import io.postern.store.Messages.NewMessage;
import io.postern.store.account.Secret;
import io.postern.store.account.Verifiers;
import io.postern.store.index.MailboxIndexes;
import io.postern.store.move.Arrivals;
import io.postern.store.move.MoveJobs.Job;
import io.postern.store.postgres.PgBlobs;
import io.postern.store.postgres.message.PgIndexReader;
import io.postern.store.postgres.message.PgMessages;
import io.postern.store.postgres.move.PgArrivals;
import io.postern.store.postgres.move.PgDepartures;
import io.postern.store.postgres.move.PgMoveJobs;
import io.postern.store.postgres.schema.SiteNumber;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Two sites, {@code east} and {@code west}, each with a database, and their directory. */
final class MoveSides {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Verifiers VERIFIERS = Verifiers.of(new Secret("$none$"));
  private static final AtomicLong NAMES = new AtomicLong();

  final Side east;
  final Side west;
  final MemoryDirectory directory = new MemoryDirectory();

  /** Users whose sessions were asked to end. */
  final List<String> ended = new CopyOnWriteArrayList<>();

  /** A site. */
  static final class Side {
    final String site;
    final MigratedPostgres postgres;
    final MailboxIndexes indexes;
    final Messages messages;
    final Arrivals arrivals;
    final PgDepartures departures;
    final PgMoveJobs jobs;

    Side(String site, int number, Path scratch) throws Exception {
      this.site = site;
      postgres = new MigratedPostgres(Files.createDirectory(scratch.resolve(site)));
      var tx = postgres.tx();
      await(new SiteNumber(tx).require(number));
      indexes = new MailboxIndexes(new PgIndexReader(tx), 1 << 26);
      messages = new PgMessages(tx, InstantSource.system(), indexes);
      arrivals = new PgArrivals(tx, site);
      departures = new PgDepartures(tx, site);
      jobs = new PgMoveJobs(tx);
    }

    /** The number, or the text of it, that a statement returns. */
    String value(String sql) {
      try (var statement = postgres.jdbc().createStatement();
          var rows = statement.executeQuery(sql)) {
        return rows.next() ? String.valueOf(rows.getString(1)) : "";
      } catch (java.sql.SQLException e) {
        throw new IllegalStateException(sql, e);
      }
    }

    /** Whether logins find the account, and whether they could change it. */
    boolean sees(String name) {
      return value("SELECT id FROM account WHERE deleted IS NULL AND name = '" + name + "'")
              .length()
          > 0;
    }

    boolean writes(MailboxKey mailbox) {
      return value(
              "SELECT fenced FROM mailbox_state WHERE account = %d AND mailbox = %d"
                  .formatted(mailbox.account().value(), mailbox.mailbox().value()))
          .equals("f");
    }

    /** Messages of a mailbox as text, in the order of their UIDs. */
    String text(MailboxKey mailbox) {
      var index = await(indexes.current(mailbox));
      var all = new StringBuilder(index.state() + " " + index.keywords());
      for (var row = index.rows(0, index.size()); row.next(); ) {
        all.append("\n%d %d %d %d".formatted(row.uid(), row.flags(), row.modSeq(), row.content()));
      }
      return all.toString();
    }
  }

  MoveSides(Path scratch) throws Exception {
    east = new Side("east", 1, scratch);
    west = new Side("west", 2, scratch);
  }

  static <T> T await(Uni<T> uni) {
    return uni.await().atMost(SOON);
  }

  /** What moves need of both sites; the other one is as reachable as given. */
  MoveSites sites(Side from, Optional<Arrivals> there) {
    return new MoveSites(
        from.site,
        from.departures,
        from.jobs,
        site -> site.equals("nowhere") ? Optional.empty() : there,
        directory,
        ended::add,
        Duration.ofDays(7));
  }

  Side other(Side side) {
    return side == east ? west : east;
  }

  MoveRunner runner(Side from, MoveSteps steps) {
    return new MoveRunner(
        Optional.of(sites(from, Optional.of(other(from).arrivals))), steps, MoveMeter.NONE);
  }

  MoveRequests requests(Side from) {
    return new MoveRequests(sites(from, Optional.of(other(from).arrivals)));
  }

  Job request(Side from, String name) {
    return await(requests(from).request(name, other(from).site)).orElseThrow();
  }

  /** What the record of the move says now. */
  Job job(Side from, Job job) {
    return await(from.jobs.find(job.ticket().move())).orElseThrow();
  }

  /** Moves it; no step fails. */
  Job move(Side from, String name) {
    var job = request(from, name);
    await(runner(from, MoveSteps.ALL).run());
    return job(from, job);
  }

  /** An account with two mailboxes in the east. */
  Account account() {
    var name = "user" + NAMES.incrementAndGet() + "@example.test";
    var id = Long.parseLong(east.value("SELECT nextval('account_id')"));
    east.postgres.sql(
        "INSERT INTO account (id, name, verifier, enabled, pop_enabled) VALUES ($1, $2, 'secret',"
            + " true, false)",
        id,
        name);
    await(directory.publish("east", List.of(new Published(name, VERIFIERS, List.of()))));
    return new Account(name, new AccountId(id), mailbox(id, "INBOX"), mailbox(id, "a/Über"));
  }

  /** An account of a test. */
  record Account(String name, AccountId id, MailboxKey inbox, MailboxKey other) {}

  private MailboxKey mailbox(long account, String name) {
    var id = Long.parseLong(east.value("SELECT nextval('mailbox_id')"));
    east.postgres.sql(
        "INSERT INTO mailbox (account, id, name, uid_validity) VALUES ($1, $2, $3, $4)",
        account,
        id,
        name,
        id + 7);
    east.postgres.sql(
        "INSERT INTO mailbox_state (account, mailbox, uid_validity, uid_next, mod_seq, messages,"
            + " unseen, size, first_recent, expunged_floor, keywords)"
            + " VALUES ($1, $2, $3, 1, 1, 0, 0, 0, 1, 0, '{}')",
        account,
        id,
        id + 7);
    return new MailboxKey(new AccountId(account), new MailboxId(id));
  }

  /** Gives an account something of all that it may hold. */
  void furnish(Account account, int messages) {
    var inbox = account.inbox();
    for (int done = 0; done < messages; done += 500) {
      var some = SampleMessages.message("one", SystemFlag.SEEN);
      int few = Math.min(500, messages - done);
      await(east.messages.append(inbox, Collections.nCopies(few, some)));
    }
    await(east.messages.append(inbox, List.of(SampleMessages.tagged("two", "Work", "$Later"))));
    await(east.messages.append(account.other(), List.of(large())));
    store(inbox, NumberSet.range(2, 5), SystemFlag.FLAGGED);
    store(inbox, NumberSet.range(3, 4), SystemFlag.DELETED);
    await(east.messages.expunge(inbox, Optional.of(NumberSet.range(3, 3))));
    await(east.messages.copy(inbox, NumberSet.range(1, 2), new Destination.Keyed(account.other())));
    long id = account.id().value();
    for (var sql :
        List.of(
            "INSERT INTO subscription (account, name) VALUES ($1, 'a/Über')",
            "INSERT INTO app_password (account, name, verifier) VALUES ($1, 'phone', 'v')",
            "INSERT INTO account_quota (account, messages) VALUES ($1, 100000)",
            "INSERT INTO access_grant_elsewhere (owner, delegate_name) VALUES ($1, 'far@example.test')",
            "INSERT INTO maildrop_lock (account, mailbox, token, until, taken) SELECT account,"
                + " mailbox, 5, now() + interval '1 hour', now() FROM mailbox_state"
                + " WHERE account = $1",
            "INSERT INTO annotation (account, mailbox, viewer, entry, value) SELECT $1, id, v,"
                + " '/private/comment', '\\x00ff' FROM mailbox, unnest(ARRAY[0, $1]) AS v"
                + " WHERE account = $1",
            "INSERT INTO annotation VALUES ($1, NULL, $1, '/private/comment', 'x')",
            "INSERT INTO mailbox_access_elsewhere SELECT account, id, 'far@example.test', 3"
                + " FROM mailbox WHERE account = $1",
            "INSERT INTO annotation_elsewhere SELECT account, id, 'far@example.test',"
                + " '/private/comment', 'y' FROM mailbox WHERE account = $1")) {
      east.postgres.sql(sql, id);
    }
  }

  /** A message of more than one chunk. */
  private NewMessage large() {
    var bytes = SampleMessages.text("x".repeat(300_000));
    var blob = BlobId.random();
    var blobs = new PgBlobs(east.postgres.tx());
    for (int n = 0; n * Blobs.CHUNK < bytes.length(); n++) {
      int end = Math.min(bytes.length(), (n + 1) * Blobs.CHUNK);
      await(blobs.write(blob, n, bytes.slice(n * Blobs.CHUNK, end)));
    }
    return new NewMessage(
        new Staged(new Staged.Bytes.Stored(blob), SampleMessages.facts(bytes)),
        Flags.NONE,
        SampleMessages.CAME);
  }

  private void store(MailboxKey mailbox, NumberSet uids, SystemFlag flag) {
    var update = new FlagsUpdate(Mode.ADD, Flags.of(List.of(flag), List.of()));
    await(east.messages.storeFlags(mailbox, uids, update));
  }

  /** Octets of the messages of an account, by their contents. */
  String octets(Side side, Account account) {
    return side.value(
        ("SELECT string_agg(c.id || ' ' || (SELECT md5(string_agg(b.bytes, ''::bytea ORDER BY n))"
                + " FROM blob_chunk b WHERE b.blob = c.blob), ', ' ORDER BY c.id)"
                + " FROM content c WHERE account = %d")
            .formatted(account.id().value()));
  }

  /** The account is the same at both sides, but for who may change it. */
  void assertArrived(Account account, List<String> digest, String octets, Side at) {
    assertThat(directory.find(account.name()).await().indefinitely().orElseThrow().home().site())
        .isEqualTo(at.site);
    assertThat(at.sees(account.name())).isTrue();
    assertThat(at.writes(account.inbox())).isTrue();
    assertThat(other(at).sees(account.name())).isFalse();
    assertThat(other(at).writes(account.inbox())).isFalse();
    assertThat(await(at.departures.digest(account.id()))).isEqualTo(digest);
    assertThat(octets(at, account)).isEqualTo(octets);
  }

  /** Lets another run continue a move at once, as when the one before it has been killed. */
  void expireLeases(Side side) {
    side.postgres.sql("UPDATE account_move SET leased_until = now()");
  }

  /** The bytes of a message, as a client reads them. */
  static Buffer read(Side side, io.postern.model.Ids.BlobId blob, long octets) {
    return await(
        new PgBlobs(side.postgres.tx())
            .read(blob, 0, octets)
            .collect()
            .in(Buffer::buffer, Buffer::appendBuffer));
  }

  void stop() throws Exception {
    east.postgres.stop();
    west.postgres.stop();
  }
}
