package io.postern.admission;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Parses the header in which a load balancer names the client: the PROXY protocol, version 1 (a
 * line) and 2 (binary).
 */
public final class ProxyHeader {
  /** The result of parsing. */
  public sealed interface Result {
    /** The header is not complete. */
    record More() implements Result {}

    /**
     * The header is complete.
     *
     * @param ends the client's and the server's address; empty when the balancer connects for
     *     itself, or does not know them
     * @param octets the length of the header; what follows is the client's
     */
    record Complete(Optional<Endpoints> ends, int octets) implements Result {}

    /** The octets are not a header. */
    record Malformed(String why) implements Result {}
  }

  /** The two ends of a connection, as the client's own socket would name them. */
  public record Endpoints(SocketAddress remote, SocketAddress local) {}

  /** Most octets of a binary header, with a balancer's additions; longer ones are refused. */
  static final int LONGEST = 4_096;

  // proxy-protocol.txt §2.1: 107 characters at most, CR LF included
  private static final int LONGEST_LINE = 107;
  private static final byte[] LINE_START = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern LINE =
      Pattern.compile(
          "PROXY TCP([46]) ([0-9A-Fa-f.:]+) ([0-9A-Fa-f.:]+) ([0-9]{1,5}) ([0-9]{1,5})");

  // §2.2
  private static final byte[] SIGNATURE = {
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A
  };
  private static final int FIXED = 16;
  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;

  private ProxyHeader() {}

  /** Parses the octets received so far. */
  public static Result read(Buffer octets) {
    if (startsLike(octets, SIGNATURE)) {
      return octets.length() < FIXED ? new Result.More() : binary(octets);
    }
    if (startsLike(octets, LINE_START)) {
      return line(octets);
    }
    return new Result.Malformed("it begins like no header");
  }

  private static boolean startsLike(Buffer octets, byte[] start) {
    int length = Math.min(octets.length(), start.length);
    return Arrays.equals(octets.getBytes(0, length), 0, length, start, 0, length);
  }

  private static Result line(Buffer octets) {
    var text = octets.getString(0, Math.min(octets.length(), LONGEST_LINE), "ISO-8859-1");
    int end = text.indexOf("\r\n");
    if (end < 0) {
      return octets.length() < LONGEST_LINE
          ? new Result.More()
          : new Result.Malformed("its line has no end");
    }
    var line = text.substring(0, end);
    // §2.1: what follows UNKNOWN is ignored
    if (line.equals("PROXY UNKNOWN") || line.startsWith("PROXY UNKNOWN ")) {
      return new Result.Complete(Optional.empty(), end + 2);
    }
    var form = LINE.matcher(line);
    if (!form.matches()) {
      return new Result.Malformed("its line does not name two addresses and two ports");
    }
    boolean six = form.group(1).equals("6");
    var remote = address(form.group(2), form.group(4), six);
    var local = address(form.group(3), form.group(5), six);
    return remote.isPresent() && local.isPresent()
        ? new Result.Complete(Optional.of(new Endpoints(remote.get(), local.get())), end + 2)
        : new Result.Malformed("an address or a port in its line is none");
  }

  private static Optional<SocketAddress> address(String host, String port, boolean six) {
    int number = Integer.parseInt(port);
    if (number > 0xFFFF || host.contains(":") != six) {
      return Optional.empty();
    }
    try {
      var literal = InetAddress.ofLiteral(host);
      return Optional.of(SocketAddress.inetSocketAddress(number, literal.getHostAddress()));
    } catch (IllegalArgumentException _) {
      // Not an address: malformed like any other line.
      return Optional.empty();
    }
  }

  private static Result binary(Buffer octets) {
    int command = octets.getUnsignedByte(12);
    int family = octets.getUnsignedByte(13);
    int length = FIXED + octets.getUnsignedShort(14);
    if (command != LOCAL && command != PROXY) {
      return new Result.Malformed("its version or command is unknown");
    }
    if (length > LONGEST) {
      return new Result.Malformed("it is longer than " + LONGEST + " octets");
    }
    if (octets.length() < length) {
      return new Result.More();
    }
    // §2.2: LOCAL is a connection of the balancer itself, and UNSPEC names no address
    if (command == LOCAL || family == 0) {
      return new Result.Complete(Optional.empty(), length);
    }
    return switch (family) {
      case 0x11 -> addresses(octets, 4, length);
      case 0x21 -> addresses(octets, 16, length);
      default -> new Result.Malformed("it is not about TCP over IPv4 or IPv6");
    };
  }

  private static Result addresses(Buffer octets, int size, int length) {
    int ports = FIXED + 2 * size;
    if (length < ports + 4) {
      return new Result.Malformed("it is too short for its addresses");
    }
    var remote = address(octets, FIXED, size, ports);
    var local = address(octets, FIXED + size, size, ports + 2);
    return new Result.Complete(Optional.of(new Endpoints(remote, local)), length);
  }

  private static SocketAddress address(Buffer octets, int at, int size, int port) {
    try {
      var host = InetAddress.getByAddress(octets.getBytes(at, at + size)).getHostAddress();
      return SocketAddress.inetSocketAddress(octets.getUnsignedShort(port), host);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 octets, not " + size, e);
    }
  }
}
