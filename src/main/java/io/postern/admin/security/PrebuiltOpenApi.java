package io.postern.admin.security;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.smallrye.openapi.runtime.OpenApiConstants;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Serves the OpenAPI document that the build has written. The platform would read, filter and write
 * it again at each start, which takes a tenth of the time until the first client is greeted; all of
 * our filters have run in the build.
 */
@Singleton
public final class PrebuiltOpenApi {
  private static final String PATHS = "/q/openapi(\\.json|\\.ya?ml)?";

  /** The package of the class loaders that development mode and tests use. */
  private static final String DEVELOPMENT_CLASS_LOADERS = "io.quarkus.bootstrap.classloading.";

  /** Runs before the platform's own route. */
  private static final int FIRST = -1;

  /** A class loader in which the platform finds no document to prepare. */
  private static final class Empty extends ClassLoader {
    Empty() {
      super(null);
    }

    @Override
    public @Nullable URL getResource(String name) {
      return null;
    }

    @Override
    public Enumeration<URL> getResources(String name) {
      return Collections.emptyEnumeration();
    }

    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
      return null;
    }
  }

  /** Hides the document from the platform; must be called before the platform starts. */
  public static void hide() {
    if (!inDevelopment()) {
      OpenApiConstants.classLoader = new Empty();
    }
  }

  /** The launch mode is not known yet at this point; the class loader of development mode is. */
  private static boolean inDevelopment() {
    var loader = PrebuiltOpenApi.class.getClassLoader();
    return loader != null && loader.getClass().getName().startsWith(DEVELOPMENT_CLASS_LOADERS);
  }

  /** Registers the route, unless the platform's setting switches the document off. */
  void serve(
      @Observes ManagementInterface management,
      @ConfigProperty(name = "quarkus.smallrye-openapi.enabled", defaultValue = "true")
          boolean enabled) {
    if (LaunchMode.current() == LaunchMode.NORMAL && enabled) {
      management
          .router()
          .routeWithRegex(PATHS)
          .method(HttpMethod.GET)
          .method(HttpMethod.HEAD)
          .order(FIRST)
          .blockingHandler(PrebuiltOpenApi::send, false);
    }
  }

  private static void send(RoutingContext call) {
    boolean json = wantsJson(call);
    call.response()
        .putHeader(
            HttpHeaders.CONTENT_TYPE,
            (json ? "application/json" : "application/yaml") + ";charset=UTF-8")
        .end(document(json ? "JSON" : "YAML"));
  }

  /** YAML, unless the path's suffix, the Accept header or the format parameter asks for JSON. */
  private static boolean wantsJson(RoutingContext call) {
    var path = call.normalizedPath();
    if (path.contains(".")) {
      return path.endsWith(".json");
    }
    var accept = call.request().getHeader(HttpHeaders.ACCEPT);
    return (accept != null && accept.contains("application/json"))
        || call.queryParam("format").stream().limit(1).anyMatch("json"::equalsIgnoreCase);
  }

  private static Buffer document(String format) {
    var name = OpenApiConstants.BASE_NAME + "." + format;
    try (var in = PrebuiltOpenApi.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the package lacks " + name);
      }
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be read", e);
    }
  }
}
