package io.postern.mime.header;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MessageIdsTest {
  @Test
  void anIdHasOneSpelling() {
    assertThat(MessageIds.read("<\"01KF8JCEOCBS0045PS\"@xxx.yyy.com> <a@b>"))
        .containsExactly("01KF8JCEOCBS0045PS@xxx.yyy.com", "a@b");
    assertThat(MessageIds.read("References: <a@\r\n b>,<\"a\\\" >b\"@c>"))
        .containsExactly("a@b", "a\" >b@c");
  }

  @Test
  void whatIsNoIdIsLeftOut() {
    assertThat(MessageIds.read("your mail of <monday> <@x> <a@> <a <b@c> <d@e"))
        .containsExactly("b@c");
    assertThat(MessageIds.read("")).isEmpty();
    assertThat(MessageIds.read("<".repeat(100_000))).isEmpty();
    assertThat(MessageIds.read("<\"".repeat(1_000))).isEmpty();
  }
}
