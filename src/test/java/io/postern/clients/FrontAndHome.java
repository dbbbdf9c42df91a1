package io.postern.clients;

import io.postern.embedded.FreePorts;
import io.postern.embedded.OwnPostgres;
import io.postern.site.SiteKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Two sites of the package: the accounts are those of the one, and clients connect to the other,
 * which stores no mail. Each is a single node; the directory of homes is in a third PostgreSQL.
 */
final class FrontAndHome implements ServerUnderTest {
  private static final int HOPS = 3;

  /** The ports for other sites; the values of {@code mail.site.*} are made of them. */
  private record Site(String name, int number, List<Integer> ports) {
    Site(String name, int number) {
      this(name, number, FreePorts.many(HOPS));
    }
  }

  private final OwnPostgres directory;
  private final List<SingleNode> nodes = new ArrayList<>();

  private FrontAndHome(OwnPostgres directory) {
    this.directory = directory;
  }

  /** Creates the accounts, as there is one site only; then starts the home, and the front. */
  static FrontAndHome start(Path data, String... settings) throws Exception {
    var issuer = new SiteKeys(Files.createDirectories(data), "issuer");
    var servers =
        new FrontAndHome(new OwnPostgres(Files.createDirectory(data.resolve("directory"))));
    var home = new Site("east", 1);
    var front = new Site("west", 2);
    SingleNode.start(data.resolve(home.name())).close();
    try {
      servers.start(data, issuer, home, front, settings);
      servers.start(data, issuer, front, home, settings);
    } catch (Exception e) {
      servers.close();
      throw e;
    }
    return servers;
  }

  private void start(Path data, SiteKeys issuer, Site site, Site other, String... settings)
      throws Exception {
    var all = new ArrayList<>(Arrays.asList(settings));
    all.addAll(List.of("-Dmail.demo.enabled=false", "-Dmail.demo.bulk-accounts=0"));
    all.add("-Dmail.site.name=" + site.name());
    all.add("-Dmail.site.number=" + site.number());
    int i = 0;
    for (var hop : List.of("imap", "pop3", "transfer")) {
      all.add("-Dmail.site." + hop + "-bindings=127.0.0.1:" + site.ports().get(i));
      all.add(
          "-Dmail.site.%s-back-ends=%s=127.0.0.1:%d"
              .formatted(hop, other.name(), other.ports().get(i)));
      i++;
    }
    add(all, issuer.of(site.name()), "");
    add(all, directory.settings(), "directory.");
    nodes.add(SingleNode.start(data.resolve(site.name()), all.toArray(String[]::new)));
  }

  private static void add(List<String> all, Map<String, String> settings, String source) {
    settings.forEach(
        (key, value) ->
            all.add(
                "-D%s=%s"
                    .formatted(
                        key.replace("quarkus.datasource.", "quarkus.datasource." + source),
                        value)));
  }

  private SingleNode front() {
    return nodes.getLast();
  }

  @Override
  public List<Integer> ports() {
    return front().ports();
  }

  @Override
  public long pid() {
    return front().pid();
  }

  @Override
  public void close() {
    nodes.reversed().forEach(SingleNode::close);
    directory.close();
  }
}
