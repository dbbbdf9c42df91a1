package io.postern.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.config.area.SiteSettings;
import io.postern.config.net.Endpoint;
import io.postern.config.watch.Bounds;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SiteSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "connect-timeout, PT0.1S, PT0.099S, PT30S, PT31S",
    "hand-over-timeout, PT1S, PT0.999S, PT2M, PT121S",
    "fail-fast-after, PT0S, PT-1S, PT10M, PT601S",
    "directory-cache, PT1S, PT0.999S, PT5M, PT301S",
    "disconnect-spread, PT0S, PT-1S, PT10M, PT601S",
  })
  void everyBoundHasTwoSides(String name, String least, String less, String most, String more) {
    var key = "mail.site." + name;
    for (var allowed : List.of(least, most)) {
      assertThat(Bounds.problems(TestSettings.boot(key + "=" + allowed))).isEmpty();
    }
    for (var refused : List.of(less, more)) {
      assertThat(Bounds.problems(TestSettings.boot(key + "=" + refused)))
          .singleElement()
          .asString()
          .startsWith(key + " is ")
          .contains(" allowed");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"West", "-west", "west-", "we_st", "west.example"})
  void aNameIsALabelOfAHostName(String name) {
    assertThat(Bounds.problems(TestSettings.boot("mail.site.name=" + name)))
        .singleElement()
        .asString()
        .startsWith("mail.site.name is \"" + name + "\", but ");
  }

  @Test
  void aNameHas63CharactersAtMost() {
    assertThat(Bounds.problems(TestSettings.boot("mail.site.name=" + "a".repeat(63)))).isEmpty();
    assertThat(Bounds.problems(TestSettings.boot("mail.site.name=" + "a".repeat(64)))).hasSize(1);
  }

  @Test
  void aSiteHasSeveralAddresses() {
    assertThat(
            SiteSettings.parseBackEnds(
                List.of("west=10.0.0.1:1993", "east=[::1]:1993", "west=backend.west:1993")))
        .containsOnlyKeys("west", "east")
        .containsEntry(
            "west", List.of(new Endpoint("10.0.0.1", 1993), new Endpoint("backend.west", 1993)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"west", "west=", "West=a:1993", "=a:1993", "west=a", "west=a:0"})
  void otherTextsAreNoBackEnds(String text) {
    assertThatThrownBy(() -> SiteSettings.parseBackEnds(List.of(text)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(
            Bounds.problems(
                TestSettings.boot("mail.site.name=east", "mail.site.imap-back-ends=" + text)))
        .singleElement()
        .asString()
        .startsWith("mail.site.imap-back-ends: ");
  }

  @Test
  void thereAre1000BackEndsAtMost() {
    var most = Collections.nCopies(SiteSettings.MAX_BACK_ENDS, "west=a:1993");
    assertThat(SiteSettings.parseBackEnds(most)).hasSize(1);
    var more = Collections.nCopies(SiteSettings.MAX_BACK_ENDS + 1, "west=a:1993");
    assertThatThrownBy(() -> SiteSettings.parseBackEnds(more)).hasMessageContaining("1000");
  }

  @Test
  void thereAreNoDemonstrationAccountsOfSeveralSites() {
    for (var demo : List.of("mail.demo.enabled=true", "mail.demo.bulk-accounts=1")) {
      assertThat(Bounds.problems(TestSettings.boot(demo))).isEmpty();
      assertThat(Bounds.problems(TestSettings.boot("mail.site.name=east", demo)))
          .singleElement()
          .asString()
          .startsWith("mail.demo ");
    }
  }

  @Test
  void otherSitesAreNamedOnlyByASiteWithAName() {
    assertThat(Bounds.problems(TestSettings.boot("mail.site.imap-bindings=127.0.0.1:1993")))
        .containsExactly("mail.site has bindings or back ends, but mail.site.name is not set");
  }
}
