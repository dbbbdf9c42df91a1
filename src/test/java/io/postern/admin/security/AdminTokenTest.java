package io.postern.admin.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.postern.config.TestSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminTokenTest {
  private static final String SAID = "mail.admin.bootstrap-token=";
  private static final String FILE = "mail.admin.bootstrap-token-file=";
  private static final String GOOD = "0123456789abcdef";

  @TempDir Path directory;

  private static AdminToken token(boolean demo, String... settings) {
    return AdminToken.of(TestSettings.boot(settings).admin(), demo);
  }

  @Test
  void aTokenHasBounds() {
    for (var good : new String[] {GOOD, "a".repeat(1_024), "AZ-._~+/09azAZ09=="}) {
      assertThat(token(false, SAID + good).value()).contains(good);
    }
    for (var bad :
        new String[] {GOOD.substring(1), "a".repeat(1_025), GOOD + " x", GOOD + "\u00e9"}) {
      assertThatThrownBy(() -> token(false, SAID + bad))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("16 to 1,024")
          .hasMessageNotContaining(bad);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {GOOD, GOOD + "\n", GOOD + "\r\n"})
  void aFileHoldsItWithOrWithoutALineEnd(String text) throws IOException {
    var file = Files.writeString(directory.resolve("token"), text);
    assertThat(token(false, FILE + file).value()).contains(GOOD);
  }

  @Test
  void aMissingOrInvalidTokenFileStopsTheStart() throws IOException {
    var empty = Files.writeString(directory.resolve("empty"), "");
    var large = Files.writeString(directory.resolve("large"), "a".repeat(10_000));
    for (var file : new Path[] {empty, large}) {
      assertThatThrownBy(() -> token(false, FILE + file)).isInstanceOf(IllegalStateException.class);
    }
    assertThatThrownBy(() -> token(false, FILE + directory.resolve("none")))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("none");
  }

  @Test
  void twoTokensAreRefused() {
    assertThatThrownBy(() -> token(false, SAID + GOOD, FILE + "token"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("one is allowed");
  }

  @Test
  void onlyADemonstrationGeneratesAToken() {
    assertThat(token(false).value()).isEmpty();
    assertThat(token(false).generated()).isFalse();
    var first = token(true);
    assertThat(first.generated()).isTrue();
    assertThat(first.value()).isPresent().isNotEqualTo(token(true).value());
    assertThat(token(true, SAID + GOOD)).isEqualTo(token(false, SAID + GOOD));
  }

  @Test
  void noTextContainsTheToken() {
    assertThat(token(false, SAID + GOOD).toString()).doesNotContain(GOOD);
  }
}
