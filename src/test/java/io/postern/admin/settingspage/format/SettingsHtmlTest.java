package io.postern.admin.settingspage.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.admin.settingspage.format.SettingsHtml.Asked;
import io.postern.admin.settingspage.format.SettingsHtml.Problem;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsHtmlTest {
  private static String page(ClientSettings settings, String language) {
    return SettingsHtml.of(settings, new Asked(Published.ALICE, Optional.empty(), language));
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "de", "fr"})
  void everyValueIsShown(String language) {
    var page = page(Published.alice(Published.all()), language);
    assertThat(page)
        .startsWith("<!DOCTYPE html>\n<html lang=\"" + language + "\">")
        .contains("<code data-value>imap.example.com</code>", "<code data-value>993</code>")
        .contains("pop.example.com", "995", "smtp.example.com", "465")
        .contains("<code data-value>alice@example.com</code>")
        .contains("address=alice%40example.com", "protocol=imap", "protocol=pop3")
        .contains("v=UAAC1; a=sha256; d=")
        .contains("IDLE", "Thunderbird", "Outlook", "Windows Mail", "K-9");
  }

  @ParameterizedTest
  @ValueSource(strings = {"de", "fr"})
  void everyTextIsTranslated(String language) {
    var texts = Languages.texts(language);
    assertThat(texts.keySet()).isEqualTo(Languages.texts("en").keySet());
    assertThat(texts.values()).noneMatch(String::isBlank);
    var same = new TreeSet<>(texts.keySet());
    same.removeIf(key -> !Objects.equals(texts.get(key), Languages.texts("en").get(key)));
    assertThat(same).isSubsetOf("SSL", "TLS", "port", "server", "servers");
  }

  /** The policy for contents allows neither, and a page without script needs neither. */
  @Test
  void nothingIsInlineOrFromElsewhere() {
    var page = page(Published.alice(Published.all()), "en");
    assertThat(page)
        .doesNotContain("style=", "onclick", "<style", "://")
        .containsOnlyOnce("<script");
    assertThat(Templates.text("page.css")).doesNotContain("url(", "@import", "://");
    assertThat(Templates.text("page.js")).doesNotContain("://", "innerHTML", "eval");
  }

  @Test
  void whatTheUserHasTypedIsEscaped() {
    var attack = "\"><script>alert(1)</script>'&";
    var page =
        SettingsHtml.of(
            Published.domain(Published.all()),
            new Asked(attack, Optional.of("en"), "en"),
            Problem.INVALID_ADDRESS);
    assertThat(page)
        .doesNotContain("<script>alert")
        .contains("value=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;&amp;\"")
        .contains("role=\"alert\"", "aria-invalid=\"true\"");
  }

  @Test
  void internalServersAreShownWhenTheSettingsSayIt() {
    var inside = "mail.imap.internal-connection-settings=inside.example.com:143:TLS";
    assertThat(page(Published.alice(Published.all(inside)), "en"))
        .doesNotContain("inside.example.com");
    assertThat(
            page(
                Published.alice(
                    Published.all(inside, "mail.settings-page.show-internal-settings=true")),
                "en"))
        .contains("inside.example.com", "inside the network");
  }

  @Test
  void withoutSettingsItSaysSo() {
    assertThat(page(Published.alice(), "en"))
        .contains("No settings have been published yet")
        .doesNotContain("mobileconfig", "UAAC1");
  }

  @Test
  void tokensAreNamedWhereTheyAreAccepted() {
    assertThat(page(Published.alice(Published.all()), "en")).doesNotContain("OAuth");
    assertThat(page(Published.alice(Published.all(Published.OAUTH)), "en")).contains("OAuth 2.0");
  }

  @Test
  void identifiersAreUniqueAndReferencesLeadToThem() {
    var page =
        page(
            Published.alice(
                Published.all(
                    "mail.imap.internal-connection-settings=inside.example.com:143:TLS",
                    "mail.settings-page.show-internal-settings=true")),
            "en");
    var ids =
        Pattern.compile(" id=\"([^\"]+)\"").matcher(page).results().map(it -> it.group(1)).toList();
    assertThat(ids).doesNotHaveDuplicates();
    var references =
        Pattern.compile(" (?:aria-labelledby|aria-describedby|for)=\"([^\"]+)\"")
            .matcher(page)
            .results()
            .map(it -> it.group(1))
            .toList();
    assertThat(references).isNotEmpty();
    assertThat(ids).containsAll(references);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "-  | -                            | en",
        "-  | de                           | de",
        "-  | de-AT,de;q=0.9,en;q=0.5      | de",
        "-  | es,fr;q=0.8,en;q=0.5         | fr",
        "-  | de;q=0,fr;q=0.1              | fr",
        "-  | ja                           | en",
        "-  | *                            | en",
        "-  | ;;;=,,q                      | en",
        "fr | de                           | fr",
        "xx | de                           | de",
      })
  void theLanguageIsTheBestThatTheBrowserPrefers(String selected, String header, String chosen) {
    assertThat(Languages.choose(Optional.ofNullable(selected), Optional.ofNullable(header)))
        .isEqualTo(chosen);
  }

  @Test
  void aHeaderWithoutEndIsIgnored() {
    assertThat(Languages.choose(Optional.empty(), Optional.of("de," + "x,".repeat(1_000))))
        .isEqualTo("en");
  }
}
