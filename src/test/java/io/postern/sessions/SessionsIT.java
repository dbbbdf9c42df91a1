package io.postern.sessions;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every script on the packaged server, be it a JAR or a native executable. */
@QuarkusIntegrationTest
@WithTestResource(PackagedServer.class)
class SessionsIT {

  // Set by PackagedServer.
  @SuppressWarnings("NullAway.Init")
  Target server;

  @TestFactory
  Stream<DynamicTest> scripts() {
    return Scripts.tests(server);
  }
}
