package io.postern.admin.settingspage;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A response.
 *
 * @param headers besides those that all responses have
 */
record SettingsResponse(int status, String type, byte[] body, Map<String, String> headers) {
  static final String TEXT = "text/plain; charset=utf-8";
  static final String HTML = "text/html; charset=utf-8";
  static final String XML = "application/xml; charset=utf-8";
  static final String JSON = "application/json";

  /** What all responses have: nothing is loaded from elsewhere, framed, guessed or remembered. */
  static final Map<String, String> COMMON =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self';"
              + " base-uri 'none'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          // The address of the user is in the query.
          "Referrer-Policy",
          "no-referrer",
          "X-Robots-Tag",
          "noindex",
          "Cache-Control",
          "no-store");

  SettingsResponse {
    headers = Map.copyOf(headers);
  }

  static SettingsResponse of(int status, String type, String text) {
    return new SettingsResponse(status, type, text.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  /** A refusal that a person reads. */
  static SettingsResponse text(RefusedRequest refused) {
    return of(refused.status(), TEXT, refused.detail() + "\n");
  }

  /** A refusal that a program reads (RFC 9457). */
  static SettingsResponse problem(RefusedRequest refused) {
    return of(
        refused.status(),
        "application/problem+json",
        new JsonObject()
            .put("type", "about:blank")
            .put("status", refused.status())
            .put("detail", refused.detail())
            .encode());
  }

  SettingsResponse with(String header, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new SettingsResponse(status, type, body, more);
  }
}
