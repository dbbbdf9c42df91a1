package io.postern.tls;

import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLSessionContext;

/**
 * Hands keys of session tickets to OpenSSL. The native executable, which has no OpenSSL, is built
 * without it: see {@code io.postern.image}.
 */
final class OpenSslTickets {
  private static final int NAME = 16;
  private static final int MAC = 16;
  private static final int CIPHER = 16;

  /** The octets of one key. */
  static final int KEY_OCTETS = NAME + MAC + CIPHER;

  private OpenSslTickets() {}

  /**
   * Replaces the keys. From now on the context's sessions are in tickets.
   *
   * @param context of OpenSSL
   * @param keys {@link #KEY_OCTETS} each; new tickets are encrypted with the first
   */
  static void set(SSLSessionContext context, List<byte[]> keys) {
    ((OpenSslSessionContext) context)
        .setTicketKeys(
            keys.stream().map(OpenSslTickets::key).toArray(OpenSslSessionTicketKey[]::new));
  }

  private static OpenSslSessionTicketKey key(byte[] octets) {
    return new OpenSslSessionTicketKey(
        Arrays.copyOfRange(octets, 0, NAME),
        Arrays.copyOfRange(octets, NAME, NAME + MAC),
        Arrays.copyOfRange(octets, NAME + MAC, KEY_OCTETS));
  }
}
