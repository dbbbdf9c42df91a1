package io.postern.auth.sasl;

import io.postern.config.area.AuthSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import javax.security.auth.Subject;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.Oid;

/** The server's Kerberos keys; read for each login, so that a renewed file takes effect. */
final class Keytab {
  private static final String MODULE = "com.sun.security.auth.module.Krb5LoginModule";
  private static final String KERBEROS = "1.2.840.113554.1.2.2";

  /** A security context that awaits the client's token, and the subject that it runs as. */
  record KerberosContext(GSSContext context, Subject subject) {
    /** The reply to the token; may be empty. */
    byte[] accept(byte[] token) throws GSSException {
      return runAs(
          subject,
          () -> {
            var answer = context.acceptSecContext(token, 0, token.length);
            return answer == null ? new byte[0] : answer;
          });
    }
  }

  /** A fresh context. */
  KerberosContext newContext(AuthSettings.Gssapi settings) throws GSSException, LoginException {
    var login =
        new LoginContext(
            "postern", new Subject(), null, new KeytabOnly(settings.keytab().orElse("")));
    login.login();
    var subject = login.getSubject();
    return runAs(
        subject,
        () -> {
          var manager = GSSManager.getInstance();
          var credential =
              manager.createCredential(
                  null,
                  GSSCredential.INDEFINITE_LIFETIME,
                  new Oid(KERBEROS),
                  GSSCredential.ACCEPT_ONLY);
          return new KerberosContext(manager.createContext(credential), subject);
        });
  }

  private static <T> T runAs(Subject subject, Callable<T> work) throws GSSException {
    try {
      return Subject.callAs(subject, work);
    } catch (CompletionException e) {
      if (e.getCause() instanceof GSSException gss) {
        throw gss;
      }
      throw e;
    }
  }

  /** Accepts tickets for any principal of the file: imap/host, pop/host. */
  private static final class KeytabOnly extends Configuration {
    private final Map<String, String> options = new HashMap<>();

    KeytabOnly(String file) {
      options.put("keyTab", file);
      options.put("principal", "*");
      options.put("useKeyTab", "true");
      options.put("storeKey", "true");
      options.put("doNotPrompt", "true");
      options.put("isInitiator", "false");
    }

    @Override
    public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
      return new AppConfigurationEntry[] {
        new AppConfigurationEntry(MODULE, LoginModuleControlFlag.REQUIRED, options)
      };
    }
  }
}
