package io.postern.auth.sasl;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** Parses the client's two SCRAM messages (RFC 5802 §7). */
final class ScramMessage {
  private static final int MAX_OCTETS = 8_192;
  private static final Pattern FIRST =
      Pattern.compile(
          "((n|y|p=([A-Za-z0-9.-]{1,100})),(?:a=([^,]*))?,)(n=([^,]+),r=([!-+\\--~]+)(?:,.*)?)",
          Pattern.DOTALL);
  private static final Pattern LAST =
      Pattern.compile(
          "(c=([A-Za-z0-9+/=]*),r=([!-+\\--~]+)(?:,.*)?),p=([A-Za-z0-9+/=]+)", Pattern.DOTALL);

  private ScramMessage() {}

  /**
   * client-first-message.
   *
   * @param gs2 the header, which the client repeats under its proof
   * @param flag {@code n}, {@code y} or {@code p=…}
   * @param binding the type of channel binding; empty without {@code p}
   * @param actAs the authorization identity
   * @param bare the rest, which is signed
   * @param name the user's name
   * @param nonce the client's
   */
  record First(
      String gs2,
      char flag,
      Optional<String> binding,
      Optional<String> actAs,
      String bare,
      String name,
      String nonce) {}

  /**
   * client-final-message.
   *
   * @param withoutProof what is signed
   * @param binding header and channel binding, as the client saw them
   * @param nonce both sides' nonces
   * @param proof of the password
   */
  record Last(String withoutProof, Buffer binding, String nonce, Buffer proof) {}

  static Optional<First> first(Buffer message) {
    return utf8(message)
        .map(FIRST::matcher)
        .filter(m -> m.matches())
        // RFC 5802 §5.1: m= is an extension that must be understood, and none is
        .filter(m -> !m.group(5).startsWith("m="))
        .flatMap(
            m ->
                name(m.group(6))
                    .flatMap(
                        name ->
                            name(Optional.ofNullable(m.group(4)).orElse(""))
                                .map(
                                    actAs ->
                                        new First(
                                            m.group(1),
                                            m.group(2).charAt(0),
                                            Optional.ofNullable(m.group(3)),
                                            Optional.of(actAs).filter(a -> !a.isEmpty()),
                                            m.group(5),
                                            name,
                                            m.group(7)))));
  }

  static Optional<Last> last(Buffer message) {
    return utf8(message)
        .map(LAST::matcher)
        .filter(m -> m.matches())
        .flatMap(
            m -> {
              try {
                var base64 = Base64.getDecoder();
                return Optional.of(
                    new Last(
                        m.group(1),
                        Buffer.buffer(base64.decode(m.group(2))),
                        m.group(3),
                        Buffer.buffer(base64.decode(m.group(4)))));
              } catch (IllegalArgumentException _) {
                // Not Base64: malformed.
                return Optional.empty();
              }
            });
  }

  /** RFC 5802 §5.1: comma and equals sign are written =2C and =3D, and no other equals sign is. */
  private static Optional<String> name(String text) {
    var plain = text.replace("=2C", ",").replace("=3D", "\0");
    return plain.indexOf('=') >= 0 || text.indexOf('\0') >= 0
        ? Optional.empty()
        : Optional.of(plain.replace('\0', '='));
  }

  private static Optional<String> utf8(Buffer message) {
    if (message.length() > MAX_OCTETS) {
      return Optional.empty();
    }
    try {
      var octets = ByteBuffer.wrap(message.getBytes());
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(octets).toString());
    } catch (CharacterCodingException _) {
      // Not UTF-8: malformed.
      return Optional.empty();
    }
  }
}
