package io.postern.sessions;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import com.ongres.scram.common.util.TlsServerEndpoint;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSession;

/**
 * A client that logs in by a mechanism: {@code <sasl mechanism ...>} with {@code name password
 * [authzid]} for PLAIN, {@code name password} for LOGIN, {@code [authzid]} for EXTERNAL, {@code
 * name token} for OAUTHBEARER and XOAUTH2, and {@code name password [binding]} for SCRAM, where the
 * PostgreSQL client's is the other side. The tag is {@code sasl}.
 */
final class SaslClient {
  /** RFC 5034 §4: with an initial response, AUTH is a line as short as all others of POP3. */
  private static final int POP3_LINE = 255 - 2;

  private final ScriptClient scriptClient;
  private final List<String> words;
  private final Consumer<String> sent;

  SaslClient(ScriptClient scriptClient, List<String> words) {
    this(scriptClient, words, _ -> {});
  }

  /** Reports what it sends. */
  SaslClient(ScriptClient scriptClient, List<String> words, Consumer<String> sent) {
    this.scriptClient = scriptClient;
    this.words = words;
    this.sent = sent;
  }

  void run() throws IOException {
    scriptClient.heard(
        switch (words.getFirst()) {
          case "PLAIN" -> first(word(3) + "\0" + word(1) + "\0" + word(2));
          case "LOGIN" -> login();
          case "EXTERNAL" -> first(word(1));
          case "OAUTHBEARER" ->
              token("n,a=" + word(1) + ",\1auth=Bearer " + word(2) + "\1\1", "\1");
          case "XOAUTH2" -> token("user=" + word(1) + "\1auth=Bearer " + word(2) + "\1\1", "");
          default -> scramExchange();
        });
  }

  private String word(int number) {
    return number < words.size() ? words.get(number) : "";
  }

  /** The message that the client begins with: in the same line, if that may be so long. */
  private String first(String message) throws IOException {
    var text = message.isEmpty() ? "=" : base64(message);
    var whole = command() + " " + text;
    if (!pop3() || whole.length() <= POP3_LINE) {
      return scriptClient.exchange(whole);
    }
    var invitation = scriptClient.exchange(command());
    return invitation.startsWith("+ ") ? scriptClient.exchange(text) : invitation;
  }

  private String login() throws IOException {
    var answer = scriptClient.exchange(command());
    for (int asked = 1; asked <= 2 && answer.startsWith("+ "); asked++) {
      answer = scriptClient.exchange(base64(word(asked)));
    }
    return answer;
  }

  /** RFC 7628 §3.2.3: an error is sent as JSON, and the client acknowledges it. */
  private String token(String message, String heard) throws IOException {
    var answer = first(message);
    return answer.startsWith("+ ") ? scriptClient.exchange(base64(heard)) : answer;
  }

  private String scramExchange() throws IOException {
    try {
      var scram = scram();
      var challenge = first(scram.clientFirstMessage().toString());
      if (challenge.startsWith("+ ")) {
        scram.serverFirstMessage(text(challenge));
        challenge = scriptClient.exchange(base64(scram.clientFinalMessage().toString()));
      }
      if (challenge.startsWith("+ ")) {
        scram.serverFinalMessage(text(challenge));
        challenge = scriptClient.exchange("");
      }
      return challenge;
    } catch (ScramException | CertificateEncodingException e) {
      throw new AssertionError("SCRAM: " + e.getMessage(), e);
    }
  }

  private boolean pop3() {
    return scriptClient.client().protocol().equals("pop3");
  }

  private String command() {
    return (pop3() ? "AUTH " : "sasl AUTHENTICATE ") + words.getFirst();
  }

  private ScramClient scram() throws IOException, CertificateEncodingException {
    var builder =
        ScramClient.builder()
            .advertisedMechanisms(List.of(words.get(0)))
            .username(words.get(1))
            .password(words.get(2).toCharArray());
    if (words.size() > 3) {
      var tls = scriptClient.tls().orElseThrow();
      builder.channelBinding(words.get(3), binding(tls, words.get(3)));
    }
    return builder.build();
  }

  private static byte[] binding(SSLSession tls, String type)
      throws IOException, CertificateEncodingException {
    return switch (type) {
      // RFC 9266 §4.2
      case "tls-exporter" ->
          ((ExtendedSSLSession) tls)
              .exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32);
      case "tls-server-end-point" ->
          TlsServerEndpoint.getChannelBindingData((X509Certificate) tls.getPeerCertificates()[0]);
      default -> throw new AssertionError("no such binding: " + type);
    };
  }

  /** Names are no secret, all else is. */
  private String base64(String text) {
    if (!text.equals(word(1))) {
      sent.accept(text);
    }
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static String text(String challenge) {
    return new String(Base64.getDecoder().decode(challenge.substring(2)), UTF_8);
  }
}
