package io.postern.mime.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The procedure of RFC 5256 §2.1. */
class StrippedSubjectTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Apples                       | Apples        | false
          Re: Apples                   | Apples        | true
          RE : Apples                  | Apples        | true
          re[4]: fwd [x] : Apples      | Apples        | true
          Fw: FWD: Re: Apples          | Apples        | true
          [list] Re: Apples            | Apples        | true
          [a] [b] Apples               | Apples        | false
          [a]                          | [a]           | false
          [a] [b]                      | [b]           | false
          Re: [a]                      | [a]           | true
          Apples (fwd)                 | Apples        | true
          Apples (FWD) (fwd)           | Apples        | true
          [Fwd: Apples]                | Apples        | true
          [fwd: [fwd: Re: Apples (fwd)]] | Apples      | true
          Reapples: x                  | Reapples: x   | false
          Re:                          | ''            | true
          (fwd)                        | ''            | true
          =?utf-8?Q?Re:_=C3=84pfel?=   | Äpfel         | true
          a    b                       | a b           | false
          [a[b] c                      | [a[b] c       | false
          Forward: x                   | Forward: x    | false
          """)
  void example(String subject, String base, boolean reply) {
    assertThat(StrippedSubject.of(subject)).isEqualTo(new StrippedSubject(base, reply));
  }

  @Test
  void takesTimeLinearInTheSubject() {
    long began = System.nanoTime();
    for (var part : new String[] {"re:", "[a]", "[fwd:", "(fwd)", "re[a] ", " ", "["}) {
      assertThat(StrippedSubject.of(part.repeat(200_000)).text().length()).isLessThan(2_000_000);
    }
    assertThat(System.nanoTime() - began).isLessThan(10_000_000_000L);
  }
}
