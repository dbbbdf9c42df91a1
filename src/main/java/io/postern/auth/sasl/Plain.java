package io.postern.auth.sasl;

import io.postern.auth.Client;
import io.postern.auth.Login;
import io.postern.auth.LoginAttempt;
import io.postern.auth.Refusal;
import io.postern.auth.Sasl;
import io.postern.auth.Sasl.Step;
import io.postern.store.account.Secret;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The PLAIN mechanism (RFC 4616): one message with both identities and the password. */
public final class Plain implements Sasl.Mechanism {
  /** How many octets each of the three parts may have; RFC 4616 §2 requires at least 255. */
  public static final int MAX_OCTETS = 1_024;

  private record Message(String authzid, String authcid, Secret password) {}

  private final Login login;

  public Plain(Login login) {
    this.login = login;
  }

  @Override
  public String name() {
    return "PLAIN";
  }

  @Override
  public boolean plainText() {
    return true;
  }

  @Override
  public Uni<Step> start(Client client, Optional<Buffer> initialResponse) {
    return Sasl.clientFirst(initialResponse, message -> message(client, message));
  }

  private Uni<Step> message(Client client, Buffer response) {
    return read(response)
        .map(message -> verify(client, message))
        .orElseGet(() -> Sasl.refuse(Refusal.MALFORMED));
  }

  private Uni<Step> verify(Client client, Message message) {
    return login
        .password(
            new LoginAttempt(client, name(), message.authcid, Optional.of(message.authzid)),
            message.password)
        .map(Sasl::step);
  }

  // RFC 4616 §2: message = [authzid] NUL authcid NUL passwd
  private static Optional<Message> read(Buffer response) {
    var octets = response.getBytes();
    int first = nul(octets, 0);
    int second = first < 0 ? -1 : nul(octets, first + 1);
    if (second < 0 || nul(octets, second + 1) >= 0) {
      return Optional.empty();
    }
    int longest = Math.max(first, Math.max(second - first - 1, octets.length - second - 1));
    if (longest > MAX_OCTETS || second == first + 1 || second + 1 == octets.length) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Message(
              utf8(octets, 0, first),
              utf8(octets, first + 1, second),
              new Secret(utf8(octets, second + 1, octets.length))));
    } catch (CharacterCodingException _) {
      // Not UTF-8: malformed like any other message that is not what RFC 4616 §2 says.
      return Optional.empty();
    }
  }

  private static int nul(byte[] octets, int from) {
    for (int i = from; i < octets.length; i++) {
      if (octets[i] == 0) {
        return i;
      }
    }
    return -1;
  }

  private static String utf8(byte[] octets, int from, int to) throws CharacterCodingException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(octets, from, to - from))
        .toString();
  }
}
