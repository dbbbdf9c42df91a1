package io.postern.embedded;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;

/**
 * PostgreSQL, Redis, a certificate and free ports for the packaged server, which brings none of
 * them. The servers run in the process of the tests, are shared by all of its tests, and end with
 * it.
 *
 * <p>A field of the type {@link PackagePorts} in the test class is given the ports.
 */
public final class ServersForPackage implements QuarkusTestResourceLifecycleManager {

  private final PackagePorts ports = new PackagePorts(FreePorts.one(), FreePorts.one());

  @Override
  public Map<String, String> start() {
    var settings = new HashMap<String, String>();
    BundledServers.temporary()
        .forEach((name, value) -> settings.put((String) name, (String) value));
    // Numbers, not 0: with a mixture of given and free ports the metrics of the two HTTP servers
    // have different tags, which ends in a server that never listens (Quarkus 3.34.3).
    settings.put("quarkus.http.port", Integer.toString(ports.http()));
    settings.put("quarkus.management.port", Integer.toString(ports.management()));
    return settings;
  }

  /** Where it will listen. */
  public PackagePorts ports() {
    return ports;
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(ports, field -> field.getType().equals(PackagePorts.class));
  }

  @Override
  public void stop() {
    // They end with this process; a later test class finds them still running.
  }
}
