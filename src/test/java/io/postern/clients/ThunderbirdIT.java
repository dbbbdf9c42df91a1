package io.postern.clients;

import io.postern.embedded.FreePorts;
import io.postern.site.SiteKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Thunderbird configures itself from the files of the settings page, and uses the account. */
@Tag("clients")
@Timeout(600)
class ThunderbirdIT {
  private static final String SERVER = "mail.example.test";
  private static final String TLS = "quarkus.tls.mail.key-store.pem.";

  @Test
  void anAccountIsSetUpFromItsAddressAndUsed(@TempDir Path folder) throws Exception {
    var page = FreePorts.many(2);
    var settings = new ArrayList<>(certificates(folder));
    settings.add("-Dquarkus.tls.mail.key-store.sni=true");
    settings.add("-Dmail.settings-page.bindings=127.0.0.1:" + page.get(0));
    settings.add("-Dmail.settings-page.ssl-bindings=127.0.0.1:" + page.get(1));
    settings.add("-Dmail.imap.external-connection-settings=" + SERVER + ":993:SSL");
    settings.add("-Dmail.pop3.external-connection-settings=" + SERVER + ":995:SSL");
    settings.add("-Dmail.smtp.advertised-settings=" + SERVER + ":465:SSL");
    try (var node = SingleNode.start(folder.resolve("data"), settings.toArray(String[]::new))) {
      Program.run(
          "thunderbird_story.py",
          node.ports(),
          "--page",
          Integer.toString(page.get(0)),
          "--pages",
          Integer.toString(page.get(1)),
          "--ca",
          folder.resolve("authority.ca.crt").toString(),
          "--name",
          SERVER,
          "--pictures",
          Files.createDirectories(Path.of("target", "thunderbird")).toString());
    }
  }

  /** One for each name that it connects to, chosen by SNI; all of one authority. */
  private static List<String> certificates(Path folder) throws Exception {
    var authority = new SiteKeys(folder, "authority");
    var settings = new ArrayList<String>();
    for (var name : List.of(SERVER, "autoconfig.example.test", "example.test")) {
      authority.of(name, name, Duration.ofDays(1));
      int number = settings.size() / 2;
      settings.add("-D" + TLS + number + ".cert=" + folder.resolve(name + ".crt"));
      settings.add("-D" + TLS + number + ".key=" + folder.resolve(name + ".key"));
    }
    return settings;
  }
}
