package io.postern.embedded;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import java.nio.file.Path;
import java.util.Properties;

/**
 * Replaces {@link BundledServers} in a native executable, which contains no servers. It is for
 * machines with servers of their own, and omits the libraries that unpack them.
 */
@TargetClass(BundledServers.class)
// The methods have the signatures of those they replace.
@SuppressWarnings("DoNotCallSuggester")
final class NativeServers {
  @Substitute
  static Properties persistent(Path directory) {
    throw EmbeddedSettings.absent();
  }

  @Substitute
  static Properties temporary() {
    throw EmbeddedSettings.absent();
  }
}
