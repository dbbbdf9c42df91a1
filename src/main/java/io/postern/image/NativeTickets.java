package io.postern.image;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import java.util.List;
import javax.net.ssl.SSLSessionContext;

/** Keeps OpenSSL's classes, which a native executable lacks, out of its build. */
@TargetClass(className = "io.postern.tls.OpenSslTickets")
final class NativeTickets {
  // As in the class: it is called where OpenSSL is available.
  @SuppressWarnings("DoNotCallSuggester")
  @Substitute
  static void set(SSLSessionContext context, List<byte[]> keys) {
    throw new UnsupportedOperationException("a native executable has no OpenSSL");
  }
}
