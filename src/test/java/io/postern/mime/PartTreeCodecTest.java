package io.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
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
