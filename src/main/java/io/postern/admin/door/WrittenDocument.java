package io.postern.admin.door;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.quarkus.smallrye.openapi.OpenApiFilter.RunStage;
import io.quarkus.smallrye.openapi.runtime.OpenApiConstants;
import io.quarkus.smallrye.openapi.runtime.OpenApiDocumentService;
import io.quarkus.smallrye.openapi.runtime.filter.AutoSecurityFilter;
import io.smallrye.openapi.runtime.io.Format;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * How a native executable hands out the document of the API: as the build has written it. The
 * platform reads it, filters it and writes it again at each start, a fifth of the time until the
 * first client is greeted; all of our filters have done their work in the build.
 */
@TargetClass(OpenApiDocumentService.class)
final class WrittenDocument {
  @Substitute
  void prepareDocument(
      AutoSecurityFilter security, Map<RunStage, List<String>> filters, String document) {
    // The build has prepared the one that there is.
  }

  @Substitute
  public byte[] getDocument(String document, Format format) {
    var name = OpenApiConstants.BASE_NAME + "." + format;
    try (var in = OpenApiConstants.class.getClassLoader().getResourceAsStream(name)) {
      return in == null ? new byte[0] : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be read", e);
    }
  }
}
