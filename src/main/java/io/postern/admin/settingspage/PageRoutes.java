package io.postern.admin.settingspage;

import io.postern.admin.settingspage.format.ClientSettings;
import io.postern.admin.settingspage.format.Languages;
import io.postern.admin.settingspage.format.MailAddress;
import io.postern.admin.settingspage.format.SettingsHtml;
import io.postern.admin.settingspage.format.SettingsHtml.Asked;
import io.postern.admin.settingspage.format.SettingsHtml.Problem;
import io.postern.config.Live;
import java.util.Optional;

/** Answers requests of browsers. */
final class PageRoutes {
  /** Longer ones are not shown again in the form. */
  private static final int MAX_SHOWN = 254;

  private final Live live;

  PageRoutes(Live live) {
    this.live = live;
  }

  /** The page: with a form only, with the settings of an address, or with what is wrong with it. */
  SettingsResponse page(SettingsRequest request) {
    var selected = request.parameter("language");
    var language = Languages.choose(selected, request.languages());
    var entered = request.parameter("address");
    var asked =
        new Asked(
            entered
                .filter(it -> it.length() <= MAX_SHOWN)
                .map(it -> it.replaceAll("\\p{Cntrl}", ""))
                .orElse(""),
            selected,
            language);
    var now = live.now();
    var domains = Domains.of(now);
    var address = entered.flatMap(MailAddress::parse);
    var form = ClientSettings.of(now, domains.ofHost(request.host()), Optional.empty());
    if (entered.isPresent() && address.isEmpty()) {
      return html(400, SettingsHtml.of(form, asked, Problem.INVALID_ADDRESS), language);
    }
    if (address.isEmpty()) {
      return html(200, SettingsHtml.of(form, asked), language);
    }
    var domain = address.get().domain();
    return domains.serves(domain)
        ? html(200, SettingsHtml.of(ClientSettings.of(now, domain, address), asked), language)
        : html(404, SettingsHtml.of(form, asked, Problem.UNKNOWN_DOMAIN), language);
  }

  private static SettingsResponse html(int status, String html, String language) {
    return SettingsResponse.of(status, SettingsResponse.HTML, html)
        .with("Content-Language", language)
        .with("Vary", "Accept-Language");
  }

  /** A file of the page. */
  SettingsResponse asset(String name, String type) {
    return SettingsResponse.of(200, type, SettingsHtml.asset(name))
        .with("Cache-Control", "max-age=3600");
  }
}
