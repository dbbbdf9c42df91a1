package io.postern.auth.password;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.store.account.Secret;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForeignHashTest {
  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "$2b$12$abcdefghijklmnopqrstuuTRAf2qxYhIn8JPC/pYzNHYMIzpNJ2uK,$2b$12",
        "{BLF-CRYPT}$2y$05$abcdefghijklmnopqrstuuTRAf2qxYhIn8JPC/pYzNHYMIzpNJ2uK,$2y$05",
        "$6$saltsalt$abc,$6$",
        "{SHA512-CRYPT}$6$rounds=656000$saltsalt$abc,$6$rounds=656000",
        "$5$salt$abc,$5$",
        "{SSHA256}abcd,{SSHA256}",
        "$argon2id$v=19$m=8192,none",
        "{UNKNOWN}abcd,none",
      })
  void aKindIsASchemeAndItsCost(String verifier, String kind) {
    assertThat(ForeignHash.kind(new Secret(verifier)).orElse(null)).isEqualTo(kind);
  }
}
