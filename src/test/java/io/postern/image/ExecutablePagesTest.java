package io.postern.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.image.ExecutablePages.Range;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Only what is as it is in the executable may be dropped: anything else would be lost. */
class ExecutablePagesTest {
  private static final List<String> SMAPS =
      List.of(
          "00400000-00405000 r--p 00000000 fd:00 1234                               /opt/postern",
          "Size:                 20 kB",
          "Anonymous:             0 kB",
          "LazyFree:              0 kB",
          "Swap:                  0 kB",
          "VmFlags: rd mr mw me sd ",
          "00410000-0392d000 r-xp 00010000 fd:00 1234                               /opt/postern",
          "Anonymous:             0 kB",
          "Swap:                  0 kB",
          "VmFlags: rd ex mr mw me sd ",
          // What the linker has relocated: protected since, but changed.
          "03941000-03942000 r--p 03540000 fd:00 1234                               /opt/postern",
          "Anonymous:             4 kB",
          "Swap:                  0 kB",
          "VmFlags: rd mr mw me ac sd ",
          "03942000-03943000 r--p 03541000 fd:00 1234                               /opt/postern",
          "Anonymous:             0 kB",
          "Swap:                  4 kB",
          "VmFlags: rd mr mw me ac sd ",
          "03950000-07600000 rw-p 03550000 fd:00 1234                               /opt/postern",
          "Anonymous:             0 kB",
          "VmFlags: rd wr mr mw me ac sd ",
          "7f0000000000-7f0000010000 r--p 00000000 fd:00 77                         /lib/libc.so",
          "Anonymous:             0 kB",
          "VmFlags: rd mr mw me sd ",
          "7f0000020000-7f0000030000 r--p 00000000 00:00 0 ",
          "Anonymous:             0 kB",
          "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]",
          "Anonymous:             0 kB");

  @Test
  void unmodifiedMappingsAreFound() {
    assertThat(ExecutablePages.unchanged(SMAPS, "/opt/postern"))
        .containsExactly(new Range(0x400000, 0x405000), new Range(0x410000, 0x392d000));
  }

  @Test
  void mappingsOfAnotherFileAreIgnored() {
    assertThat(ExecutablePages.unchanged(SMAPS, "/opt/other")).isEmpty();
    assertThat(ExecutablePages.unchanged(List.of(), "/opt/postern")).isEmpty();
  }
}
