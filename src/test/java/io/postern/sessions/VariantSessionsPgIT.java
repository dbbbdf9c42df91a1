package io.postern.sessions;

import io.postern.app.Server;
import io.postern.auth.password.Passwords;
import io.postern.config.Live;
import io.postern.store.Mailboxes;
import io.postern.store.Messages;
import io.postern.store.account.Accounts;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.Grants;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

/** Every IMAP script with extensions enabled, with PostgreSQL and Redis. */
@QuarkusTest
class VariantSessionsPgIT {
  @Inject Server server;
  @Inject Accounts accounts;
  @Inject AppPasswords appPasswords;
  @Inject Grants grants;
  @Inject Passwords passwords;
  @Inject Live live;
  @Inject Mailboxes mailboxes;
  @Inject Messages messages;

  @TestFactory
  Stream<DynamicContainer> variants() {
    var accountSetup = new StoreAccountSetup(accounts, appPasswords, grants);
    var target = new PostgresTarget(server, accountSetup, passwords, live);
    return new VariantScripts(new PostgresVariants(target, accountSetup, mailboxes, messages))
        .tests();
  }
}
