package io.postern.imap.session;

import io.postern.config.Live;
import io.postern.config.area.ImapSettings;
import io.postern.imap.spi.ExtensionRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The extensions that are served to a client, by the settings. Used by all event loops. */
final class ServedExtensions {
  /** Registries that are remembered; there is one for each set of disabled capabilities. */
  private static final int MOST = 64;

  private final ExtensionRegistry all;
  private final Live live;
  private final Map<Rules, ExtensionRegistry> known = new ConcurrentHashMap<>();

  ServedExtensions(ExtensionRegistry all, Live live) {
    this.all = all;
    this.live = live;
  }

  /**
   * What decides about the extensions.
   *
   * @param limit the most messages that a command handles; 0 for no limit
   */
  private record Rules(List<String> disabled, int limit) {}

  /**
   * The extensions for a client by the settings as they are now.
   *
   * @param client the name it gave itself by ID; empty if none
   */
  ExtensionRegistry to(String client) {
    var settings = live.now().imap();
    var rules = new Rules(disabled(settings, client), settings.messageLimit());
    var last = known.get(rules);
    if (last != null) {
      return last;
    }
    if (known.size() >= MOST) {
      known.clear();
    }
    // Several threads may compute it, to the same result.
    var limited = rules.limit == 0 ? all : all.limitedTo(rules.limit);
    var served = limited.without(rules.disabled);
    known.put(rules, served);
    return served;
  }

  private static List<String> disabled(ImapSettings settings, String client) {
    var disabled = new ArrayList<>(settings.disabledCapabilities().orElse(List.of()));
    // RFC 7888 §5: one of both is announced.
    disabled.add(settings.literalMinus() ? "LITERAL+" : "LITERAL-");
    if (!client.isEmpty()) {
      for (var rule : settings.disabledCapabilitiesByClient().orElse(List.of())) {
        int colon = rule.indexOf(':');
        if (matches(rule.substring(0, colon), client)) {
          disabled.addAll(List.of(rule.substring(colon + 1).split("\\|")));
        }
      }
    }
    return List.copyOf(disabled);
  }

  /** Whether a client has the name; {@code *} stands for any text. */
  static boolean matches(String name, String client) {
    var parts = name.toLowerCase(Locale.ROOT).split(Pattern.quote("*"), -1);
    var rest = client.toLowerCase(Locale.ROOT);
    if (parts.length == 1) {
      return rest.equals(parts[0]);
    }
    if (!rest.startsWith(parts[0])) {
      return false;
    }
    int at = parts[0].length();
    for (int i = 1; i < parts.length - 1; i++) {
      int found = rest.indexOf(parts[i], at);
      if (found < 0) {
        return false;
      }
      at = found + parts[i].length();
    }
    var end = parts[parts.length - 1];
    return rest.length() - at >= end.length() && rest.endsWith(end);
  }
}
