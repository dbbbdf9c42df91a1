package io.postern.site;

import io.postern.model.Home;
import io.postern.wire.HandOver;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.regex.Pattern;

/**
 * The fields with which a front end describes its client, in the words of Dovecot's proxy: those of
 * IMAP's ID (RFC 2971), to which those of POP3's XCLIENT correspond. Unknown ones are ignored.
 */
public final class HandOverFields {
  /** Longest name of a field, in octets. */
  public static final int MAX_NAME = 30;

  /** Longest value of a field, in octets. */
  public static final int MAX_VALUE = 1_024;

  static final String SESSION = "x-session-id";
  static final String ADDRESS = "x-originating-ip";
  static final String PORT = "x-originating-port";
  static final String LOCAL_ADDRESS = "x-connected-ip";
  static final String LOCAL_PORT = "x-connected-port";
  static final String TTL = "x-proxy-ttl";
  static final String TRANSPORT = "x-client-transport";
  static final String HOME = "x-forward-home";
  static final String USER = "x-forward-user";

  /** The field of RFC 2971 §3.3, as the client itself would send it. */
  static final String PROGRAM = "name";

  private static final String FORWARD = "x-forward-";

  /** How often a connection may be passed on. */
  private static final int ONCE = 1;

  private static final Pattern SESSION_FORM = Pattern.compile("[A-Za-z0-9+/=_.:-]{1,64}");
  private static final Pattern HOME_FORM =
      Pattern.compile("([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?):([0-9]{1,18})");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,5}");

  /** The fields cannot be used. */
  public static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;
    private final boolean loop;

    Malformed(String what, boolean loop) {
      super(what, null, false, false);
      this.loop = loop;
    }

    /** Whether the connection was passed on too often. */
    public boolean isLoop() {
      return loop;
    }
  }

  private HandOverFields() {}

  /**
   * Whether a client's ID claims to pass on a connection. {@code x-originating-ip} alone does not:
   * webmail programs send it for logs.
   *
   * @param fields with names in lower case
   */
  public static boolean isHandOver(Map<String, String> fields) {
    return fields.keySet().stream()
        .anyMatch(
            name ->
                name.equals(SESSION)
                    || name.equals(TTL)
                    || name.equals(TRANSPORT)
                    || name.equals(LOCAL_ADDRESS)
                    || name.startsWith(FORWARD));
  }

  /** The fields of a hand-over; the connection may not be passed on again. */
  public static SequencedMap<String, String> write(HandOver handOver) {
    var fields = new LinkedHashMap<String, String>();
    fields.put(SESSION, handOver.session());
    fields.put(ADDRESS, String.valueOf(handOver.remote().hostAddress()));
    fields.put(PORT, Integer.toString(handOver.remote().port()));
    fields.put(LOCAL_ADDRESS, String.valueOf(handOver.local().hostAddress()));
    fields.put(LOCAL_PORT, Integer.toString(handOver.local().port()));
    fields.put(TTL, Integer.toString(ONCE));
    fields.put(TRANSPORT, handOver.secure() ? "TLS" : "insecure");
    handOver.home().ifPresent(it -> fields.put(HOME, it.site() + ":" + it.epoch()));
    handOver.user().ifPresent(it -> fields.put(USER, it));
    handOver.program().ifPresent(it -> fields.put(PROGRAM, it));
    return fields;
  }

  /**
   * Parses the fields of a hand-over.
   *
   * @param fields with names in lower case
   * @param local the address that the front end has connected to, where it does not send to which
   *     its client has: Dovecot before 2.4.3 does not by POP3
   */
  public static HandOver parse(Map<String, String> fields, SocketAddress local) throws Malformed {
    if (number(fields, TTL, ONCE) < ONCE) {
      throw new Malformed("The connection was passed on too often", true);
    }
    var session = Optional.ofNullable(fields.get(SESSION));
    if (session.filter(it -> SESSION_FORM.matcher(it).matches()).isEmpty()) {
      throw malformed(SESSION, "1 to 64 letters, digits and +/=_.:- are");
    }
    var transport = fields.getOrDefault(TRANSPORT, "insecure").toLowerCase(Locale.ROOT);
    return new HandOver(
        session.get(),
        address(fields, ADDRESS, PORT),
        fields.containsKey(LOCAL_ADDRESS) ? address(fields, LOCAL_ADDRESS, LOCAL_PORT) : local,
        !transport.equals("insecure"),
        Optional.ofNullable(fields.get(USER)),
        home(fields),
        Optional.ofNullable(fields.get(PROGRAM)));
  }

  private static SocketAddress address(Map<String, String> fields, String address, String port)
      throws Malformed {
    try {
      var literal = InetAddress.ofLiteral(fields.getOrDefault(address, ""));
      return SocketAddress.inetSocketAddress(number(fields, port, 0), literal.getHostAddress());
    } catch (IllegalArgumentException _) {
      // Not an address: malformed like other values.
      throw malformed(address, "a numeric address is");
    }
  }

  private static int number(Map<String, String> fields, String name, int absent) throws Malformed {
    var text = fields.get(name);
    if (text == null) {
      return absent;
    }
    int number = NUMBER.matcher(text).matches() ? Integer.parseInt(text) : -1;
    if (number < 0 || number > 0xFFFF) {
      throw malformed(name, "0 to 65535 is");
    }
    return number;
  }

  private static Optional<Home> home(Map<String, String> fields) throws Malformed {
    var text = fields.get(HOME);
    if (text == null) {
      return Optional.empty();
    }
    var form = HOME_FORM.matcher(text);
    if (!form.matches()) {
      throw malformed(HOME, "site:epoch is");
    }
    return Optional.of(new Home(form.group(1), Long.parseLong(form.group(3))));
  }

  private static Malformed malformed(String name, String allowed) {
    return new Malformed("The value of " + name + " is wrong; " + allowed + " allowed", false);
  }
}
