package io.postern.config.net;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A set of addresses in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3).
 *
 * @param all the networks; the set holds an address that is in one of them
 */
public record Networks(List<Network> all) {
  /**
   * One network: the addresses that begin with the same bits.
   *
   * @param address its first address
   * @param prefix the number of significant bits; 0 to 32, for IPv6 to 128
   */
  public record Network(InetAddress address, int prefix) {
    private boolean contains(InetAddress other) {
      int bits = address.getAddress().length * Byte.SIZE;
      return other.getAddress().length * Byte.SIZE == bits
          && number(address).xor(number(other)).bitLength() <= bits - prefix;
    }

    private static BigInteger number(InetAddress address) {
      return new BigInteger(1, address.getAddress());
    }
  }

  public Networks {
    all = List.copyOf(all);
  }

  /**
   * Parses networks: {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or a single address.
   *
   * @throws IllegalArgumentException when a text is not a network, naming it and the reason
   */
  public static Networks parse(List<String> texts) {
    return new Networks(texts.stream().map(text -> network(text.strip())).toList());
  }

  /** Whether the set holds the address. An IPv4 address mapped into IPv6 counts as the IPv4 one. */
  public boolean contains(String address) {
    int zone = address.indexOf('%');
    var plain = literal(zone < 0 ? address : address.substring(0, zone), address);
    return all.stream().anyMatch(network -> network.contains(plain));
  }

  /**
   * The network that is counted as one client: an IPv4 address itself; of IPv6, where a home has
   * many, its /64; in hexadecimal.
   *
   * @throws IllegalArgumentException when the text is not an address
   */
  public static String ofClient(String address) {
    int zone = address.indexOf('%');
    var octets =
        InetAddress.ofLiteral(zone < 0 ? address : address.substring(0, zone)).getAddress();
    return HexFormat.of().formatHex(octets.length == 16 ? Arrays.copyOf(octets, 8) : octets);
  }

  private static Network network(String text) {
    int slash = text.indexOf('/');
    var address = literal(slash < 0 ? text : text.substring(0, slash), text);
    int bits = address.getAddress().length * Byte.SIZE;
    int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1), bits, text);
    if (Network.number(address).getLowestSetBit() >= 0
        && Network.number(address).getLowestSetBit() < bits - prefix) {
      throw invalid(text, "it has bits set behind its prefix");
    }
    return new Network(address, prefix);
  }

  private static int prefix(String digits, int bits, String whole) {
    if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > bits) {
      throw invalid(whole, "its prefix is a number from 0 to " + bits);
    }
    return Integer.parseInt(digits);
  }

  private static InetAddress literal(String text, String whole) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"" + whole + "\" is no network: it does not begin with an address", e);
    }
  }

  private static IllegalArgumentException invalid(String text, String reason) {
    return new IllegalArgumentException("\"" + text + "\" is no network: " + reason);
  }
}
