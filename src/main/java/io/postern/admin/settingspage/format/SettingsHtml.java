package io.postern.admin.settingspage.format;

import static java.util.Map.entry;

import io.postern.admin.settingspage.format.ClientSettings.Protocol;
import io.postern.admin.settingspage.format.ClientSettings.Service;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The page that a person reads: complete without its script, which only adds buttons. Headings,
 * labels and description lists carry its structure for screen readers.
 */
public final class SettingsHtml {
  /** What is wrong with an entered address. */
  public enum Problem {
    /** It is no mail address. */
    INVALID_ADDRESS("invalidAddress"),
    /** Its domain is not one of the settings. */
    UNKNOWN_DOMAIN("unknownDomain");

    private final String text;

    Problem(String text) {
      this.text = text;
    }
  }

  /**
   * What the user has sent.
   *
   * @param entered the address as it was typed
   * @param selected the language that the user has selected on the page, if any
   * @param language the language of the page
   */
  public record Asked(String entered, Optional<String> selected, String language) {}

  /** The programs with their keys of the texts; names are the same in all languages. */
  private static final List<Map.Entry<String, String>> PROGRAMS =
      List.of(
          entry("Outlook", "outlook"),
          entry("Windows Mail", "windowsMail"),
          entry("Thunderbird", "thunderbird"),
          entry("Apple Mail", "appleMail"),
          entry("K-9 Mail, Thunderbird for Android, FairEmail", "k9"));

  private SettingsHtml() {}

  /** Writes the page with the settings of an address, or with an empty form if there is none. */
  public static String of(ClientSettings settings, Asked asked) {
    return page(settings, asked, Optional.empty());
  }

  /** Writes the page with the form, and what is wrong with the entered address. */
  public static String of(ClientSettings settings, Asked asked, Problem problem) {
    return page(settings, asked, Optional.of(problem));
  }

  /** The text of the style or of the script of the page. */
  public static String asset(String name) {
    return Templates.text(name);
  }

  private static String page(ClientSettings settings, Asked asked, Optional<Problem> problem) {
    var text = Languages.texts(asked.language);
    var address = settings.address().map(MailAddress::toString).orElse("");
    return Templates.render(
        "page.html",
        Map.ofEntries(
            entry("text", text),
            entry("language", asked.language),
            entry("languages", languages(asked.language)),
            entry("chosenLanguage", asked.selected.isPresent() ? asked.language : ""),
            entry("entered", asked.entered),
            entry("problem", problem.map(it -> text(text, it.text)).orElse("")),
            entry("address", address),
            entry("addressParameter", URLEncoder.encode(address, StandardCharsets.UTF_8)),
            entry("domain", settings.domain()),
            entry(
                "passwordKind",
                text(text, settings.issuer().isPresent() ? "oauthKind" : "passwordKind")),
            entry("groups", groups(settings, text)),
            entry("profiles", profiles(settings, text)),
            entry("programs", programs(text)),
            entry("digest", DnsRecords.digest(settings).orElse(""))));
  }

  private static List<Map<String, Object>> languages(String current) {
    return Languages.ALL.stream()
        .map(
            it ->
                Map.<String, Object>of(
                    "tag", it.tag(), "name", it.name(), "current", it.tag().equals(current)))
        .toList();
  }

  private static List<Map<String, Object>> groups(
      ClientSettings settings, Map<String, String> text) {
    return Stream.of(
            group("servers", settings.external(), text),
            group("internalServers", settings.internal(), text))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<Map<String, Object>> group(
      String title, List<Service> services, Map<String, String> text) {
    return services.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Map.of("id", title, "title", text(text, title), "cards", cards(services, text)));
  }

  private static List<Map<String, Object>> cards(List<Service> services, Map<String, String> text) {
    return services.stream()
        .map(Service::protocol)
        .distinct()
        .sorted(Comparator.naturalOrder())
        .map(
            protocol ->
                Map.<String, Object>of(
                    "id", protocol,
                    "title", text(text, protocol.name()),
                    "hint", text(text, protocol + "hint"),
                    "servers", servers(services, protocol, text)))
        .toList();
  }

  private static List<Map<String, Object>> servers(
      List<Service> services, Protocol protocol, Map<String, String> text) {
    var servers = new ArrayList<Map<String, Object>>();
    for (var service : services) {
      if (service.protocol() == protocol) {
        var server = service.server();
        servers.add(
            Map.of(
                "other", !servers.isEmpty(),
                "host", server.host(),
                "port", server.port(),
                "encryption", text(text, server.encryption().name())));
      }
    }
    return servers;
  }

  /** Profiles need a server to send, too. */
  private static List<Map<String, Object>> profiles(
      ClientSettings settings, Map<String, String> text) {
    return settings.recommended(Protocol.SMTP).isEmpty()
        ? List.of()
        : Stream.of(Protocol.IMAP, Protocol.POP3)
            .filter(protocol -> settings.recommended(protocol).isPresent())
            .map(
                protocol ->
                    Map.<String, Object>of(
                        "protocol",
                        protocol == Protocol.IMAP ? "imap" : "pop3",
                        "title",
                        text(text, "apple" + protocol)))
            .toList();
  }

  private static List<Map<String, Object>> programs(Map<String, String> text) {
    return PROGRAMS.stream()
        .map(it -> Map.<String, Object>of("name", it.getKey(), "hint", text(text, it.getValue())))
        .toList();
  }

  private static String text(Map<String, String> texts, String key) {
    var text = texts.get(key);
    if (text == null) {
      throw new IllegalArgumentException(key + " is no text of the page");
    }
    return text;
  }
}
