package io.postern.sessions;

import io.postern.app.Server;
import io.postern.auth.password.Passwords;
import io.postern.config.Live;
import io.postern.store.account.Accounts;
import io.postern.store.account.AppPasswords;
import io.postern.store.account.Grants;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every script on the server as the platform wires it, with PostgreSQL and Redis. */
@QuarkusTest
class SessionsPgIT {
  @Inject Server server;
  @Inject Accounts accounts;
  @Inject AppPasswords appPasswords;
  @Inject Grants grants;
  @Inject Passwords passwords;
  @Inject Live live;

  @TestFactory
  Stream<DynamicTest> scripts() {
    var accountSetup = new StoreAccountSetup(accounts, appPasswords, grants);
    return Scripts.tests(new PostgresTarget(server, accountSetup, passwords, live));
  }
}
