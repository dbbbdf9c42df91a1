package io.postern.config.net;

import java.util.regex.Pattern;

/**
 * An endpoint to listen on, as settings write it: {@code 0.0.0.0:143}, {@code [::]:143}.
 *
 * @param host a numeric address or a name of this machine, without brackets
 * @param port 0 to 65,535; 0 for any free one
 */
public record Endpoint(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.%a-z]+)]|([^:\\[\\]\\s]+)):([0-9]{1,5})");
  private static final int MAX_PORT = 65_535;

  /**
   * Parses an endpoint.
   *
   * @throws IllegalArgumentException when the text is not an endpoint
   */
  public static Endpoint parse(String text) {
    var form = FORM.matcher(text.strip());
    if (!form.matches() || Integer.parseInt(form.group(3)) > MAX_PORT) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not an endpoint: write address:port, or [address]:port for IPv6");
    }
    var host = form.group(1) == null ? form.group(2) : form.group(1);
    return new Endpoint(host, Integer.parseInt(form.group(3)));
  }
}
