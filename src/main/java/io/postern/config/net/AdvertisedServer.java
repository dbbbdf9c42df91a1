package io.postern.config.net;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server that users are advised to enter in their mail program, as Exchange writes it: {@code
 * mail.example.com:993:SSL}.
 *
 * @param host a name in ASCII (RFC 1123 §2.1) or an IPv4 address
 * @param port 1 to 65,535
 */
public record AdvertisedServer(String host, int port, Encryption encryption) {
  /** How a connection is encrypted; the recommended one first (RFC 8314 §3). */
  public enum Encryption {
    /** TLS from the first octet. */
    SSL,
    /** The connection begins in clear text; STARTTLS or STLS encrypts it. */
    TLS,
    /** The connection stays in clear text. */
    PLAINTEXT
  }

  /** The form, for people. */
  public static final String FORM = "host:port:SSL, host:port:TLS or host:port:PLAINTEXT";

  private static final Pattern SYNTAX =
      Pattern.compile("([^:]+):([0-9]{1,5})(?::(SSL|TLS|PLAINTEXT))?", Pattern.CASE_INSENSITIVE);
  private static final Pattern LABEL =
      Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
  private static final int MAX_HOST = 253;
  private static final int MAX_PORT = 65_535;

  /**
   * Parses a list of servers. Without an encryption it is clear text, as in Exchange.
   *
   * @throws IllegalArgumentException when a text has another form, naming it
   */
  public static List<AdvertisedServer> parse(List<String> texts) {
    return texts.stream()
        .map(
            text ->
                read(text)
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "\"" + text + "\" is no server: write " + FORM)))
        .toList();
  }

  /** Reads one server; empty when the text has another form. */
  public static Optional<AdvertisedServer> read(String text) {
    var form = SYNTAX.matcher(text.strip());
    if (!form.matches() || !isHost(form.group(1))) {
      return Optional.empty();
    }
    int port = Integer.parseInt(form.group(2));
    var encryption =
        form.group(3) == null
            ? Encryption.PLAINTEXT
            : Encryption.valueOf(form.group(3).toUpperCase(Locale.ROOT));
    return port < 1 || port > MAX_PORT
        ? Optional.empty()
        : Optional.of(
            new AdvertisedServer(form.group(1).toLowerCase(Locale.ROOT), port, encryption));
  }

  /** Whether the text is a host name or a mail domain in ASCII, without a final dot. */
  public static boolean isHost(String text) {
    return text.length() <= MAX_HOST
        && Stream.of(text.split("\\.", -1)).allMatch(label -> LABEL.matcher(label).matches());
  }
}
