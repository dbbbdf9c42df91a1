package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.embedded.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** The hot keys of the settings page: its next answer is another one, on the same connection. */
final class HotSettingsPage {
  private static final String BINDINGS = "mail.settings-page.bindings";
  private static final String DOMAINS = "mail.settings-page.domains";
  private static final String INTERNAL = "mail.settings-page.show-internal-settings";
  private static final String LIMIT = "mail.settings-page.requests-per-minute";
  private static final String ALICE = "/settings?address=alice@example.test";

  private HotSettingsPage() {}

  static void imapInternal(HotStage stage) throws Exception {
    shown(stage, "mail.imap.internal-connection-settings", INTERNAL, "true");
  }

  static void imapExternal(HotStage stage) throws Exception {
    shown(stage, "mail.imap.external-connection-settings");
  }

  static void pop3Internal(HotStage stage) throws Exception {
    shown(stage, "mail.pop3.internal-connection-settings", INTERNAL, "true");
  }

  static void pop3External(HotStage stage) throws Exception {
    shown(stage, "mail.pop3.external-connection-settings");
  }

  static void smtp(HotStage stage) throws Exception {
    shown(stage, "mail.smtp.advertised-settings");
  }

  private static void shown(HotStage stage, String key, String... others) throws Exception {
    try (var page = new Page(stage, LIMIT, "10000")) {
      assertThat(page.get(ALICE).body()).doesNotContain("shown.example.test");
      var more = new ArrayList<>(List.of(others));
      more.addAll(List.of(key, "shown.example.test:1993:SSL"));
      page.set(more.toArray(String[]::new));
      assertThat(page.get(ALICE).body()).contains("shown.example.test", "1993");
    }
  }

  static void showInternal(HotStage stage) throws Exception {
    var key = "mail.imap.internal-connection-settings";
    var server = "inside.example.test:993:SSL";
    try (var page = new Page(stage, key, server)) {
      assertThat(page.get(ALICE).body()).doesNotContain("inside.example.test");
      page.set(key, server, INTERNAL, "true");
      assertThat(page.get(ALICE).body()).contains("inside.example.test");
    }
  }

  static void domains(HotStage stage) throws Exception {
    try (var page = new Page(stage)) {
      assertThat(page.get(ALICE).statusCode()).isEqualTo(200);
      page.set(DOMAINS, "example.org");
      assertThat(page.get(ALICE).statusCode()).isEqualTo(404);
    }
  }

  static void requestsPerMinute(HotStage stage) throws Exception {
    try (var page = new Page(stage, LIMIT, "10000")) {
      page.get(ALICE);
      assertThat(page.get(ALICE).statusCode()).isEqualTo(200);
      page.set(LIMIT, "1");
      page.get(ALICE);
      assertThat(page.get(ALICE).statusCode()).isEqualTo(429);
    }
  }

  /** The port is opened, and closed again. */
  static void bindings(HotStage stage) throws Exception {
    try (var page = new Page(stage)) {
      assertThat(page.get(ALICE).statusCode()).isEqualTo(200);
      assertThat(page.get("/admin/v1/settings").statusCode()).isEqualTo(404);
      assertThat(page.get("/q/metrics").statusCode()).isEqualTo(404);
      stage.set();
      assertThatThrownBy(() -> page.get(ALICE)).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> new Peer(page.port).close()).isInstanceOf(IOException.class);
    }
  }

  static void sslBindings(HotStage stage) throws Exception {
    int port = FreePorts.one();
    stage.set("mail.settings-page.ssl-bindings", "127.0.0.1:" + port);
    assertThat(stage.beans.services().failures()).isEmpty();
    var tls = SSLContext.getInstance("TLS");
    tls.init(null, new TrustManager[] {new Anyone()}, null);
    try (var client = HttpClient.newBuilder().sslContext(tls).build()) {
      var request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + ALICE)).build();
      assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      stage.set();
      assertThatThrownBy(() -> client.send(request, BodyHandlers.ofString()))
          .isInstanceOf(IOException.class);
    }
  }

  /** The certificate is not what is tested here. */
  private static final class Anyone implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {
      assertThat(chain).isNotEmpty();
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** An open page, and a browser. */
  private static final class Page implements AutoCloseable {
    final int port = FreePorts.one();
    private final HotStage stage;
    private final HttpClient client = HttpClient.newHttpClient();

    Page(HotStage stage, String... settings) throws Exception {
      this.stage = stage;
      set(settings);
      assertThat(stage.beans.services().failures()).isEmpty();
    }

    void set(String... settings) throws Exception {
      var all = new ArrayList<>(List.of(settings));
      all.addAll(List.of(BINDINGS, "127.0.0.1:" + port));
      stage.set(all.toArray(String[]::new));
    }

    HttpResponse<String> get(String path) throws Exception {
      var address = URI.create("http://127.0.0.1:" + port + path);
      return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
