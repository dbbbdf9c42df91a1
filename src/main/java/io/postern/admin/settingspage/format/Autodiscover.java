package io.postern.admin.settingspage.format;

import io.postern.admin.settingspage.format.ClientSettings.Protocol;
import io.postern.admin.settingspage.format.ClientSettings.Service;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Autodiscover as Outlook reads it: plain old XML for IMAP, POP3 and SMTP, and the JSON that leads
 * to it ([MS-OXDSCLI]). Older versions of Outlook know nothing but TLS from the first octet, so
 * only such servers are named.
 */
public final class Autodiscover {
  /** The schema of the response that is written. */
  static final String RESPONSE =
      "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";

  /** Why there are no settings. */
  public enum Problem {
    /** The request has no address, or one that cannot be. */
    INVALID_REQUEST(600, "Invalid Request"),
    /** The program wants another kind of response. */
    NO_PROVIDER(601, "Provider is not available"),
    /** No server is advertised, or none for this domain. */
    NO_SETTINGS(500, "The email address can't be found");

    private final int code;
    private final String message;

    Problem(int code, String message) {
      this.code = code;
      this.message = message;
    }
  }

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Autodiscover() {}

  /** Writes the response with the settings of an address. */
  public static String response(ClientSettings settings, MailAddress address, Instant now) {
    var servers = settings.implicitTls();
    return servers.isEmpty()
        ? problem(Problem.NO_SETTINGS, now)
        : Templates.render(
            "autodiscover.xml",
            Map.of(
                "user", address, "servers", servers.stream().map(Autodiscover::values).toList()));
  }

  /** Writes a response that says why there are no settings. */
  public static String problem(Problem problem, Instant now) {
    return Templates.render(
        "autodiscover-error.xml",
        Map.of("time", TIME.format(now), "code", problem.code, "message", problem.message));
  }

  private static Map<String, Object> values(Service service) {
    return Map.of(
        "type", List.of("IMAP", "POP3", "SMTP").get(service.protocol().ordinal()),
        "host", service.server().host(),
        "port", service.server().port(),
        "smtp", service.protocol() == Protocol.SMTP);
  }

  /**
   * Writes the JSON of Autodiscover version 2, which says where the XML is.
   *
   * @param host of the request
   */
  public static String location(String host) {
    return new JsonObject()
        .put("Protocol", "AutodiscoverV1")
        .put("Url", "https://" + host + "/autodiscover/autodiscover.xml")
        .encode();
  }

  /** Writes the JSON for a protocol that is not offered. */
  public static String otherProtocol() {
    return new JsonObject()
        .put("ErrorCode", "InvalidProtocol")
        .put(
            "ErrorMessage",
            "The given protocol value is invalid. Supported values are 'AutodiscoverV1'.")
        .encode();
  }
}
