package io.postern.admin.settingspage;

import java.util.Map;
import java.util.Optional;

/**
 * A request, read completely.
 *
 * @param method in upper case
 * @param path without the query, not decoded
 * @param parameters of the query, decoded; names in lower case, the first value of each
 * @param host the value of {@code Host}
 * @param languages the value of {@code Accept-Language}
 */
record SettingsRequest(
    String method,
    String path,
    Map<String, String> parameters,
    Optional<String> host,
    Optional<String> languages,
    byte[] body) {

  SettingsRequest {
    parameters = Map.copyOf(parameters);
  }

  /** A parameter that is not empty. */
  Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name)).filter(value -> !value.isBlank());
  }
}
