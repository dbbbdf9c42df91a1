package io.postern.embedded;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import java.nio.file.Path;
import java.util.Properties;

/**
 * What a native executable has in place of {@link BundledServers}: none. It is for machines with
 * servers of their own, and leaves the libraries out that unpack them.
 */
@TargetClass(BundledServers.class)
// They have the signatures of what they stand in for.
@SuppressWarnings("DoNotCallSuggester")
final class NativeServers {
  @Substitute
  static Properties keptIn(Path directory) {
    throw EmbeddedSettings.absent();
  }

  @Substitute
  static Properties passing() {
    throw EmbeddedSettings.absent();
  }
}
