package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/** The scenario of one hot key: its effect on open sessions. */
@FunctionalInterface
interface HotScenario {
  /** Changes the file under the running server and sees the effect. */
  void play(HotStage stage) throws Exception;

  /**
   * The effect is seen by another test, which swaps the settings under what runs: for what would
   * take a broken Redis, or ten minutes.
   */
  static HotScenario elsewhere(Class<?> test, String method) {
    return stage ->
        assertThat(Arrays.stream(test.getDeclaredMethods()).map(it -> it.getName()))
            .contains(method);
  }
}
