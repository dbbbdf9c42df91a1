package io.postern.config;

import io.postern.config.area.AdminSettings;
import io.postern.config.area.Keys;
import io.postern.config.area.SiteSettings;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings that are read once, at startup. */
@ConfigMapping(prefix = "mail")
public interface BootSettings {
  /** Demonstration accounts with well-known passwords. */
  Demo demo();

  /** The bundled servers; {@code io.postern.embedded} reads these itself, before all others. */
  Embedded embedded();

  /** The directory of settings that change at run time. */
  Config config();

  /** The database. */
  Store store();

  /** The database. */
  interface Store {
    /**
     * The timeout of a database call; 1 s to 10 min. After it the client gets an error that the
     * store does not answer, and the connection to the database is closed. Best above 15 s, as a
     * transaction waits that long for a locked row.
     */
    @WithDefault("PT30S")
    Duration callTimeout();

    /**
     * How long the database may be unreachable before a replica reports that it is not ready; 0 s
     * to 24 h. Until then clients can connect and logins are answered {@code NO [UNAVAILABLE]}, so
     * that a failover does not close the ports of all replicas at once. A replica that the database
     * has never answered is not ready at all.
     */
    @WithDefault("PT5M")
    Duration unreadyAfter();
  }

  /** Settings in files. */
  interface Config {
    /**
     * A directory of settings files, read again when they change; a mounted ConfigMap. A file named
     * by a key holds its value; one whose name ends in {@code .properties} holds many.
     */
    Optional<String> directory();
  }

  /** Administration over HTTP. */
  AdminSettings admin();

  /** The site of this node, and the other sites. */
  SiteSettings site();

  /** Demonstration accounts; refused in production unless the bundled servers are on. */
  interface Demo {
    /**
     * Whether alice@example.test and bob@example.test are created at startup if they do not exist,
     * with the password {@code secret} and a few messages.
     */
    @WithDefault("false")
    boolean enabled();

    /**
     * How many accounts u0@example.test, u1@example.test … are created at startup if they do not
     * exist, with the password {@code secret} and no messages; 0 to 1,000,000.
     */
    @WithDefault("0")
    int bulkAccounts();
  }

  /** PostgreSQL and Redis as child processes. */
  interface Embedded {
    /** Whether the bundled servers run. */
    @WithDefault("false")
    boolean enabled();

    /** Whether the servers' data are deleted when the process ends. */
    @WithDefault("false")
    boolean temporary();

    /** The directory of the servers' data, when they are not temporary. */
    Optional<String> dataDir();
  }

  /** Declares the keys with their bounds. */
  static void declare(BootSettings now, Keys keys) {
    keys.flag("mail.demo.enabled", now.demo().enabled());
    keys.count("mail.demo.bulk-accounts", now.demo().bulkAccounts(), 0, 1_000_000);
    keys.duration(
        "mail.store.call-timeout",
        now.store().callTimeout(),
        Duration.ofSeconds(1),
        Duration.ofMinutes(10));
    keys.duration(
        "mail.store.unready-after",
        now.store().unreadyAfter(),
        Duration.ZERO,
        Duration.ofHours(24));
    keys.flag("mail.embedded.enabled", now.embedded().enabled());
    keys.flag("mail.embedded.temporary", now.embedded().temporary());
    keys.matching("mail.embedded.data-dir", now.embedded().dataDir(), ".+", "a directory");
    keys.matching("mail.config.directory", now.config().directory(), ".+", "a directory");
    AdminSettings.declare(now.admin(), keys);
    SiteSettings.declare(now.site(), keys);
    keys.rule(
        now.site().name().isEmpty() || (!now.demo().enabled() && now.demo().bulkAccounts() == 0),
        "mail.demo creates the same accounts at every site; it is allowed only if mail.site.name is"
            + " not set");
  }
}
