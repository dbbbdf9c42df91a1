package io.postern.app.tls;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.config.LiveSettings;
import io.postern.config.TestSettings;
import io.postern.model.MailProtocol;
import io.postern.tls.TlsEngine;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which engine performs handshakes, and which settings are refused. */
class TlsEnginesTest {
  private static final TlsEngines LOADED = new TlsEngines(Optional.empty(), false, false);
  private static final TlsEngines NOT_LOADED =
      new TlsEngines(Optional.of("no library"), false, false);
  private static final TlsEngines SELECTIVE = new TlsEngines(Optional.empty(), true, true);

  private static LiveSettings settings(String engine, String... more) {
    var all = new String[more.length + 1];
    all[0] = "mail.tls.engine=" + engine;
    System.arraycopy(more, 0, all, 1, more.length);
    return TestSettings.of(all);
  }

  @ParameterizedTest
  @EnumSource(MailProtocol.class)
  void autoTakesOpenSslWhereItIsLoaded(MailProtocol protocol) {
    var auto = TestSettings.of();
    assertThat(LOADED.engine(protocol, auto)).isEqualTo(TlsEngine.OPENSSL);
    assertThat(NOT_LOADED.engine(protocol, auto)).isEqualTo(TlsEngine.JDK);
    assertThat(SELECTIVE.engine(protocol, auto)).isEqualTo(TlsEngine.JDK);
    assertThat(NOT_LOADED.problem(protocol, auto)).isEmpty();
    assertThat(NOT_LOADED.describe(auto)).contains(protocol.label() + "=jdk", "no library");
  }

  @ParameterizedTest
  @EnumSource(MailProtocol.class)
  void openSslThatCannotDoWhatIsRequiredIsRefused(MailProtocol protocol) {
    var settings = settings("openssl");
    assertThat(LOADED.problem(protocol, settings)).isEmpty();
    assertThat(LOADED.engine(protocol, settings)).isEqualTo(TlsEngine.OPENSSL);
    assertThat(NOT_LOADED.problem(protocol, settings).orElseThrow())
        .contains("mail.tls.engine", "no library");
    assertThat(SELECTIVE.problem(protocol, settings).orElseThrow())
        .contains("quarkus.tls.mail.cipher-suites");
  }

  @ParameterizedTest
  @EnumSource(MailProtocol.class)
  void theJdkIsAlwaysThere(MailProtocol protocol) {
    var settings = settings("jdk");
    assertThat(LOADED.engine(protocol, settings)).isEqualTo(TlsEngine.JDK);
    assertThat(NOT_LOADED.problem(protocol, settings)).isEmpty();
  }

  @Test
  void connectionsBetweenSitesUseOpenSslWhereItIsLoaded() {
    assertThat(LOADED.ofSites(settings("auto"))).isEqualTo(TlsEngine.OPENSSL);
    assertThat(LOADED.ofSites(settings("jdk"))).isEqualTo(TlsEngine.JDK);
    assertThat(NOT_LOADED.ofSites(settings("auto"))).isEqualTo(TlsEngine.JDK);
    assertThat(SELECTIVE.ofSites(settings("auto"))).isEqualTo(TlsEngine.JDK);
  }

  /** RFC 9266: OpenSSL's library exports no keying material. */
  @Test
  void channelBindingNeedsTheJdk() {
    var binding = "mail.imap.extended-protection-policy=allow";
    var auto = settings("auto", binding);
    assertThat(LOADED.engine(MailProtocol.IMAP, auto)).isEqualTo(TlsEngine.JDK);
    assertThat(LOADED.engine(MailProtocol.POP3, auto)).isEqualTo(TlsEngine.OPENSSL);
    assertThat(LOADED.problem(MailProtocol.IMAP, settings("openssl", binding)).orElseThrow())
        .contains("mail.imap.extended-protection-policy");
    assertThat(LOADED.problem(MailProtocol.POP3, settings("openssl", binding))).isEmpty();
  }
}
