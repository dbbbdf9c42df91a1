package io.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartTreeCodecTest {
  @Test
  void writtenIsRead() throws IOException {
    for (var name : Samples.names()) {
      var tree = Samples.scan(Samples.message(name)).parts();
      assertThat(PartTreeCodec.decode(PartTreeCodec.encode(tree))).as(name).isEqualTo(tree);
    }
  }

  @Test
  void theLengthIsKnownBeforeItIsWritten() throws IOException {
    for (var name : Samples.names()) {
      var tree = Samples.scan(Samples.message(name)).parts();
      assertThat(PartTreeCodec.length(tree)).as(name).isEqualTo(PartTreeCodec.encode(tree).length);
    }
    for (int number : new int[] {0, 1, 127, 128, 16_383, 16_384, 1 << 21, Integer.MAX_VALUE}) {
      for (var text : List.of("", "é", "x".repeat(127), "é".repeat(64), "x".repeat(128))) {
        var tree = new PartTree("text", text, "", "", 0, 0, number, List.of());
        assertThat(PartTreeCodec.length(tree)).isEqualTo(PartTreeCodec.encode(tree).length);
      }
    }
  }

  @Test
  void deepestTreeIsRead() {
    var tree = Samples.scan(Samples.nested(MessageScanner.MAX_NESTING + 5)).parts();
    assertThat(PartTreeCodec.decode(PartTreeCodec.encode(tree))).isEqualTo(tree);
  }

  @Test
  void anythingElseIsRefused() throws IOException {
    var bytes = PartTreeCodec.encode(Samples.scan(Samples.message("nested")).parts());
    for (int length = 0; length < bytes.length; length++) {
      var cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> PartTreeCodec.decode(cut))
          .isInstanceOf(IllegalArgumentException.class);
    }
    bytes[0] = 9;
    assertThatThrownBy(() -> PartTreeCodec.decode(bytes)).hasMessageContaining("version 9");
  }
}
