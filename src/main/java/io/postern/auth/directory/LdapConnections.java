package io.postern.auth.directory;

import com.unboundid.ldap.sdk.FailoverServerSet;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPConnectionPool;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.LDAPSearchException;
import com.unboundid.ldap.sdk.PostConnectProcessor;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.SearchRequest;
import com.unboundid.ldap.sdk.SearchResultEntry;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.SimpleBindRequest;
import com.unboundid.ldap.sdk.StartTLSPostConnectProcessor;
import com.unboundid.util.ssl.HostNameSSLSocketVerifier;
import com.unboundid.util.ssl.PEMFileTrustManager;
import com.unboundid.util.ssl.SSLUtil;
import io.postern.auth.directory.RecentEntries.Entry;
import io.postern.config.area.DirectorySettings.Encryption;
import io.postern.store.account.Secret;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStoreException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/** The pooled connections to the directory, for one set of settings. Each call blocks. */
final class LdapConnections implements AutoCloseable {
  /** By these the directory refuses a user's bind; the account is disabled, locked or unknown. */
  private static final Set<ResultCode> REFUSALS =
      Set.of(
          ResultCode.INVALID_CREDENTIALS,
          ResultCode.INAPPROPRIATE_AUTHENTICATION,
          ResultCode.NO_SUCH_OBJECT,
          ResultCode.UNWILLING_TO_PERFORM,
          ResultCode.CONSTRAINT_VIOLATION);

  private final LdapTerms terms;
  private final LDAPConnectionPool pool;

  /** Connects when the first call is made. */
  LdapConnections(LdapTerms terms) throws LDAPException, GeneralSecurityException, IOException {
    this.terms = terms;
    var options = new LDAPConnectionOptions();
    int millis = (int) terms.timeout().toMillis();
    options.setConnectTimeoutMillis(millis);
    options.setResponseTimeoutMillis(millis);
    options.setAbandonOnTimeout(true);
    options.setUseKeepAlive(true);
    if (terms.encryption() != Encryption.NONE) {
      options.setSSLSocketVerifier(new HostNameSSLSocketVerifier(true));
    }
    var ssl = ssl(terms);
    var sockets =
        terms.encryption() == Encryption.SSL
            ? ssl.createSSLSocketFactory()
            : SocketFactory.getDefault();
    PostConnectProcessor startTls =
        terms.encryption() == Encryption.STARTTLS
            ? new StartTLSPostConnectProcessor(ssl.createSSLSocketFactory())
            : null;
    pool = pool(terms, sockets, options, startTls);
    pool.setCreateIfNecessary(false);
    pool.setMaxWaitTimeMillis(millis);
    pool.setMaxConnectionAgeMillis(10L * 60 * 1_000);
    // A connection that broke while it was idle is replaced, and the call made once more.
    pool.setRetryFailedOperationsDueToInvalidConnections(true);
    pool.setConnectionPoolName("directory");
  }

  private static LDAPConnectionPool pool(
      LdapTerms terms,
      SocketFactory sockets,
      LDAPConnectionOptions options,
      @Nullable PostConnectProcessor startTls)
      throws LDAPException, IOException {
    var hosts = new String[terms.servers().size()];
    var ports = new int[hosts.length];
    for (int i = 0; i < hosts.length; i++) {
      var server = terms.servers().get(i);
      int colon = server.lastIndexOf(':');
      hosts[i] = server.substring(0, colon).replaceAll("[\\[\\]]", "");
      ports[i] = Integer.parseInt(server.substring(colon + 1));
    }
    var bind =
        terms.bindDn().isPresent()
            ? new SimpleBindRequest(terms.bindDn().get(), password(terms))
            : new SimpleBindRequest();
    return new LDAPConnectionPool(
        new FailoverServerSet(hosts, ports, sockets, options),
        bind,
        0,
        terms.connections(),
        startTls,
        false);
  }

  private static String password(LdapTerms terms) throws IOException {
    var file = Path.of(terms.bindPasswordFile().orElseThrow());
    return Files.readString(file).lines().findFirst().orElse("");
  }

  private static SSLUtil ssl(LdapTerms terms) throws GeneralSecurityException, IOException {
    if (terms.trusted().isEmpty()) {
      return new SSLUtil();
    }
    try {
      return new SSLUtil(new PEMFileTrustManager(new File(terms.trusted().get())));
    } catch (KeyStoreException e) {
      throw new IOException("mail.auth.directory.trusted-certificates can't be read", e);
    }
  }

  /** The one entry of a user with the name of an account. */
  Optional<Entry> search(String user) throws LDAPException {
    int at = user.lastIndexOf('@');
    var filter =
        terms
            .filter()
            .replace("{name}", Filter.encodeValue(user))
            .replace("{local-part}", Filter.encodeValue(at < 0 ? user : user.substring(0, at)));
    var request = new SearchRequest(terms.base(), SearchScope.SUB, filter, terms.attribute());
    // Two suffice to know that there are several.
    request.setSizeLimit(2);
    request.setTimeLimitSeconds((int) Math.max(1, terms.timeout().toSeconds()));
    var found = search(request);
    if (found.size() != 1) {
      return Optional.empty();
    }
    var entry = found.getFirst();
    return Optional.ofNullable(entry.getAttributeValue(terms.attribute()))
        .map(name -> new Entry(entry.getDN(), name.toLowerCase(Locale.ROOT)));
  }

  private List<SearchResultEntry> search(SearchRequest request) throws LDAPException {
    try {
      return Objects.requireNonNullElse(pool.search(request).getSearchEntries(), List.of());
    } catch (LDAPSearchException e) {
      if (e.getResultCode().equals(ResultCode.SIZE_LIMIT_EXCEEDED)) {
        return List.of();
      }
      throw e;
    }
  }

  /**
   * Whether the directory accepts the password of an entry.
   *
   * @throws LDAPException when it does not say
   */
  boolean bind(String dn, Secret password) throws LDAPException {
    // RFC 4513 §5.1.2: it would be accepted, and prove nothing
    if (password.reveal().isEmpty() || dn.isEmpty()) {
      return false;
    }
    try {
      var result = pool.bindAndRevertAuthentication(new SimpleBindRequest(dn, password.reveal()));
      return result.getResultCode().equals(ResultCode.SUCCESS);
    } catch (LDAPException e) {
      if (REFUSALS.contains(e.getResultCode())) {
        return false;
      }
      throw e;
    }
  }

  /** A name that no entry has: a bind with it takes as long as another that is refused. */
  String unknownDn() {
    return "cn=no-such-user," + terms.base();
  }

  @Override
  public void close() {
    pool.close();
  }
}
