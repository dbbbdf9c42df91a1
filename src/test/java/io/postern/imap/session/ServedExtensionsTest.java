package io.postern.imap.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients are known by the name that they give themselves. */
class ServedExtensionsTest {
  @ParameterizedTest
  @CsvSource({
    "Some Mail, some mail, true",
    "Some Mail, Some Mail 1, false",
    "Some*, Some Mail 1, true",
    "Some*, Not Some, false",
    "*1, Some Mail 1, true",
    "*1, Some Mail 12, false",
    "*mail*, Some Mail 1, true",
    "*mail*1*x*, Some Mail 1, false",
    "S*M*1, Some Mail 1, true",
    "S*M*l 1*1, Some Mail 1, false",
    "*, anything, true",
    "a*a, a, false",
    "a.c, abc, false"
  })
  void aStarStandsForAnyText(String name, String client, boolean matches) {
    assertEquals(matches, ServedExtensions.matches(name, client));
  }
}
