package io.postern.sessions;

import io.postern.app.Server;
import io.postern.auth.password.Passwords;
import io.postern.store.Accounts;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every script on the server as the platform wires it, with PostgreSQL and Redis. */
@QuarkusTest
class SessionsPgTest {
  @Inject Server server;
  @Inject Accounts accounts;
  @Inject Passwords passwords;

  @TestFactory
  Stream<DynamicTest> scripts() {
    return Scripts.tests(new PostgresTarget(server, accounts, passwords));
  }
}
