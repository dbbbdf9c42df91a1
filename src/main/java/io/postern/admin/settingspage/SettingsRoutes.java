package io.postern.admin.settingspage;

import io.postern.admin.settingspage.format.AppleProfile;
import io.postern.admin.settingspage.format.AutoconfigXml;
import io.postern.admin.settingspage.format.Autodiscover;
import io.postern.admin.settingspage.format.Autodiscover.Problem;
import io.postern.admin.settingspage.format.AutodiscoverRequest;
import io.postern.admin.settingspage.format.ClientSettings;
import io.postern.admin.settingspage.format.ClientSettings.Protocol;
import io.postern.admin.settingspage.format.DnsRecords;
import io.postern.admin.settingspage.format.MailAddress;
import io.postern.admin.settingspage.format.PaccJson;
import io.postern.admin.settingspage.format.ProfileSigner;
import io.postern.config.Live;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Answers requests from the settings in force. May be used from any thread. */
public final class SettingsRoutes {
  private static final String AUTODISCOVER = "/autodiscover/autodiscover.xml";
  private static final String AUTODISCOVER_JSON = "/autodiscover/autodiscover.json";
  private static final String WITH_ADDRESS = AUTODISCOVER_JSON + "/v1.0/";
  private static final String NOTHING = "No such settings are published.";

  private final Live live;
  private final InstantSource clock;
  private final Supplier<Optional<ProfileSigner>> signer;
  private final PageRoutes pages;

  /**
   * @param signer of Apple's profiles, if there is a certificate that can sign
   */
  public SettingsRoutes(Live live, InstantSource clock, Supplier<Optional<ProfileSigner>> signer) {
    this.live = live;
    this.clock = clock;
    this.signer = signer;
    this.pages = new PageRoutes(live);
  }

  /** Answers a request; does not fail for what a client has sent. */
  SettingsResponse answer(SettingsRequest request) {
    boolean json = isJson(request.path());
    try {
      return dispatch(request);
    } catch (RefusedRequest refused) {
      return json ? SettingsResponse.problem(refused) : SettingsResponse.text(refused);
    }
  }

  private static boolean isJson(String path) {
    return path.toLowerCase(Locale.ROOT).startsWith(AUTODISCOVER_JSON)
        || path.equals("/.well-known/user-agent-configuration.json");
  }

  /** Whether a path takes a request with a body. */
  static boolean takesBody(String path) {
    return path.equalsIgnoreCase(AUTODISCOVER);
  }

  private SettingsResponse dispatch(SettingsRequest request) {
    var lower = request.path().toLowerCase(Locale.ROOT);
    boolean post = takesBody(request.path());
    if (post
        ? !request.method().equals("POST")
        : !List.of("GET", "HEAD").contains(request.method())) {
      var allowed = post ? "POST" : "GET, HEAD";
      return SettingsResponse.of(405, SettingsResponse.TEXT, "Allowed here: " + allowed + "\n")
          .with("Allow", allowed);
    }
    return switch (request.path()) {
      case "/" -> SettingsResponse.of(302, SettingsResponse.TEXT, "").with("Location", "/settings");
      case "/settings", "/settings/" -> pages.page(request);
      case "/settings/page.css" -> pages.asset("page.css", "text/css; charset=utf-8");
      case "/settings/page.js" -> pages.asset("page.js", "text/javascript; charset=utf-8");
      case "/settings/dns" -> dns(request);
      case "/settings/apple.mobileconfig" -> profile(request);
      case "/.well-known/autoconfig/mail/config-v1.1.xml",
          "/mail/config-v1.1.xml",
          "/.well-known/mail-v1.xml" ->
          autoconfig(request);
      case "/.well-known/user-agent-configuration.json" -> pacc(request);
      default ->
          switch (lower) {
            case AUTODISCOVER -> autodiscover(request);
            case AUTODISCOVER_JSON -> location(request, request.parameter("email"));
            default -> withAddress(request, lower);
          };
    };
  }

  private SettingsResponse withAddress(SettingsRequest request, String lower) {
    if (!lower.startsWith(WITH_ADDRESS)) {
      throw new RefusedRequest(404, "There is nothing here; the settings are at /settings.");
    }
    return location(request, Optional.of(decode(request.path().substring(WITH_ADDRESS.length()))));
  }

  private static String decode(String segment) {
    try {
      // A plus sign is one in a path.
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      throw new RefusedRequest(400, "The path is not encoded as a path.");
    }
  }

  private SettingsResponse autoconfig(SettingsRequest request) {
    return AutoconfigXml.of(settings(request, request.parameter("emailaddress")))
        .map(xml -> open(SettingsResponse.of(200, SettingsResponse.XML, xml)))
        .orElseThrow(() -> new RefusedRequest(404, NOTHING));
  }

  private SettingsResponse pacc(SettingsRequest request) {
    return PaccJson.of(settings(request, Optional.empty()))
        .map(body -> open(new SettingsResponse(200, SettingsResponse.JSON, body, Map.of())))
        .orElseThrow(() -> new RefusedRequest(404, NOTHING));
  }

  /** Programs in a browser read it, too. */
  private static SettingsResponse open(SettingsResponse response) {
    return response.with("Access-Control-Allow-Origin", "*");
  }

  private SettingsResponse dns(SettingsRequest request) {
    var domain =
        request
            .parameter("domain")
            .map(
                text ->
                    MailAddress.domain(text.strip())
                        .orElseThrow(() -> new RefusedRequest(400, "That is no mail domain.")));
    var settings =
        domain
            .map(it -> settings(it, Optional.empty()))
            .orElseGet(() -> settings(request, request.parameter("address")));
    return SettingsResponse.of(200, SettingsResponse.TEXT, DnsRecords.of(settings));
  }

  private SettingsResponse profile(SettingsRequest request) {
    var settings = settings(request, request.parameter("address"));
    var address =
        settings
            .address()
            .orElseThrow(() -> new RefusedRequest(400, "The parameter address is missing."));
    var protocol =
        switch (request.parameter("protocol").orElse("imap")) {
          case "imap" -> Protocol.IMAP;
          case "pop3" -> Protocol.POP3;
          default -> throw new RefusedRequest(400, "The parameter protocol is imap or pop3.");
        };
    var profile =
        AppleProfile.of(settings, address, protocol)
            .map(it -> it.getBytes(StandardCharsets.UTF_8))
            .orElseThrow(() -> new RefusedRequest(404, NOTHING));
    var signed = signer.get().map(it -> it.sign(profile)).orElse(profile);
    return new SettingsResponse(200, "application/x-apple-aspen-config", signed, Map.of())
        .with("Content-Disposition", "attachment; filename=\"mail.mobileconfig\"");
  }

  /** Outlook reads errors only from a response of its own form. */
  private SettingsResponse autodiscover(SettingsRequest request) {
    return SettingsResponse.of(200, SettingsResponse.XML, autodiscover(parse(request.body())));
  }

  private static AutodiscoverRequest parse(byte[] body) {
    try {
      return AutodiscoverRequest.parse(body);
    } catch (IllegalArgumentException e) {
      throw new RefusedRequest(400, e.getMessage() + ".");
    }
  }

  private String autodiscover(AutodiscoverRequest asked) {
    var now = clock.instant();
    if (!asked.readsMailSettings()) {
      return Autodiscover.problem(Problem.NO_PROVIDER, now);
    }
    var address = asked.address().flatMap(MailAddress::parse);
    if (address.isEmpty()) {
      return Autodiscover.problem(Problem.INVALID_REQUEST, now);
    }
    var domain = address.get().domain();
    return Domains.of(live.now()).serves(domain)
        ? Autodiscover.response(settings(domain, address), address.get(), now)
        : Autodiscover.problem(Problem.NO_SETTINGS, now);
  }

  private SettingsResponse location(SettingsRequest request, Optional<String> address) {
    if (!request.parameter("protocol").orElse("").equalsIgnoreCase("autodiscoverv1")) {
      return SettingsResponse.of(400, SettingsResponse.JSON, Autodiscover.otherProtocol());
    }
    settings(request, address);
    var host =
        request
            .host()
            .filter(it -> Domains.name(it).isPresent())
            .orElseThrow(() -> new RefusedRequest(400, "The header Host names no host."));
    return SettingsResponse.of(200, SettingsResponse.JSON, Autodiscover.location(host));
  }

  /** The settings of an address, or of the domain that the request's host means. */
  private ClientSettings settings(SettingsRequest request, Optional<String> text) {
    if (text.isEmpty()) {
      return settings(Domains.of(live.now()).ofHost(request.host()), Optional.empty());
    }
    var address = MailAddress.parse(text.get());
    return settings(
        address.orElseThrow(() -> new RefusedRequest(400, "That is no mail address.")).domain(),
        address);
  }

  private ClientSettings settings(String domain, Optional<MailAddress> address) {
    if (!Domains.of(live.now()).serves(domain)) {
      throw new RefusedRequest(404, "This server has no mailboxes of this domain.");
    }
    return ClientSettings.of(live.now(), domain, address);
  }
}
