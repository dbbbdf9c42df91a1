package io.postern.app;

import io.postern.embedded.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import javax.security.auth.Subject;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.server.SimpleKdcServer;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.GSSName;
import org.ietf.jgss.MessageProp;
import org.ietf.jgss.Oid;

/** A KDC of the realm EXAMPLE.TEST, and clients that log in with its tickets. */
final class HotKdc implements AutoCloseable {
  private static final String REALM = "EXAMPLE.TEST";
  private static final String MODULE = "com.sun.security.auth.module.Krb5LoginModule";
  private static final String KERBEROS = "1.2.840.113554.1.2.2";
  private static final String CONFIG = "java.security.krb5.conf";

  /** RFC 4752 §3.1: no security layer. */
  private static final byte[] NO_LAYER = {1, 0, 0, 0};

  private final Path directory;
  private final SimpleKdcServer server;
  private final Set<String> services = new HashSet<>();

  private HotKdc(Path directory) throws KrbException, IOException {
    this.directory = directory;
    int port = FreePorts.one();
    server = new SimpleKdcServer();
    server.setKdcRealm(REALM);
    server.setKdcHost("127.0.0.1");
    server.setWorkDir(directory.toFile());
    server.setAllowUdp(false);
    server.setKdcTcpPort(port);
    server.init();
    server.start();
    server.createPrincipal("alice", "ticket");
    var config = directory.resolve("realm.conf");
    Files.writeString(config, settings(port));
    System.setProperty(CONFIG, config.toString());
  }

  static HotKdc start(Path directory) throws KrbException, IOException {
    return new HotKdc(directory);
  }

  private static String settings(int port) {
    return """
    [libdefaults]
      default_realm = %1$s
      dns_lookup_kdc = false
      dns_lookup_realm = false
      udp_preference_limit = 1
    [realms]
      %1$s = {
        kdc = 127.0.0.1:%2$d
      }
    """
        .formatted(REALM, port);
  }

  /** A file with fresh keys of a service; they replace those it had. */
  Path keytab(String service, String file) throws KrbException {
    var keytab = directory.resolve(file);
    if (!services.add(service)) {
      server.deletePrincipal(service);
    }
    server.createPrincipal(service);
    server.exportPrincipal(service, keytab.toFile());
    return keytab;
  }

  /** What the server answers to a user's ticket for the service. */
  String logsIn(Peer client, String user, String service) throws Exception {
    var login = new LoginContext("client", new Subject(), HotKdc::password, new OfUser(user));
    login.login();
    try {
      return Subject.callAs(login.getSubject(), () -> exchange(client, service));
    } catch (CompletionException e) {
      throw new IOException(e.getCause());
    }
  }

  private static void password(javax.security.auth.callback.Callback... asked) {
    for (var one : asked) {
      if (one instanceof PasswordCallback password) {
        password.setPassword("ticket".toCharArray());
      }
    }
  }

  /** RFC 4752 §3.1. */
  private static String exchange(Peer client, String service) throws GSSException, IOException {
    var manager = GSSManager.getInstance();
    var name = manager.createName(service + "@" + REALM, GSSName.NT_USER_NAME);
    var context = manager.createContext(name, new Oid(KERBEROS), null, 60);
    context.requestMutualAuth(true);
    context.requestInteg(true);
    client.send("t AUTHENTICATE GSSAPI");
    var token = new byte[0];
    var line = client.line();
    while (line.startsWith("+") && !context.isEstablished()) {
      token = context.initSecContext(challenge(line), 0, challenge(line).length);
      client.send(Base64.getEncoder().encodeToString(token == null ? new byte[0] : token));
      line = client.line();
    }
    if (line.startsWith("+")) {
      line = layer(client, context, line);
    }
    return line.startsWith("t ") ? line : client.until("t ");
  }

  private static String layer(Peer client, GSSContext context, String line)
      throws GSSException, IOException {
    var offer = challenge(line);
    if (offer.length == 0) {
      client.send("");
      offer = challenge(client.line());
    }
    context.unwrap(offer, 0, offer.length, new MessageProp(false));
    var chosen = context.wrap(NO_LAYER, 0, NO_LAYER.length, new MessageProp(0, false));
    client.send(Base64.getEncoder().encodeToString(chosen));
    return client.line();
  }

  private static byte[] challenge(String line) {
    return Base64.getDecoder().decode(line.substring(Math.min(2, line.length())));
  }

  @Override
  public void close() throws KrbException {
    System.clearProperty(CONFIG);
    server.stop();
  }

  private static final class OfUser extends Configuration {
    private final String user;

    OfUser(String user) {
      this.user = user;
    }

    @Override
    public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
      var options =
          Map.of(
              "principal", user + "@" + REALM, "refreshKrb5Config", "true", "isInitiator", "true");
      return new AppConfigurationEntry[] {
        new AppConfigurationEntry(MODULE, LoginModuleControlFlag.REQUIRED, options)
      };
    }
  }
}
