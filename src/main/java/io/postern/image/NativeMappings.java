package io.postern.image;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import io.smallrye.config.ConfigMappingContext;
import io.smallrye.config.ConfigMappingLoader;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.Set;

/**
 * How a native executable makes the objects of settings: by reflection, which is compiled there.
 * The library looks up and calls method handles instead, which are interpreted; that took an eighth
 * of the time until the first client was greeted.
 */
@TargetClass(ConfigMappingLoader.class)
final class NativeMappings {
  @Alias
  static native <T> Class<?> loadImplementation(Class<T> type);

  @Substitute
  static <T> T configMappingObject(Class<T> type, ConfigMappingContext context) {
    return type.cast(Reflected.made(loadImplementation(type), context));
  }

  // As the library writes it.
  @SuppressWarnings("unchecked")
  @Substitute
  static <T> Map<String, String> configMappingProperties(Class<T> type) {
    return (Map<String, String>) Reflected.told(loadImplementation(type), "getProperties");
  }

  // As the library writes it.
  @SuppressWarnings("unchecked")
  @Substitute
  static <T> Set<String> configMappingSecrets(Class<T> type) {
    return (Set<String>) Reflected.told(loadImplementation(type), "getSecrets");
  }

  /** A class of settings, as the build has written it. */
  private static final class Reflected {
    static Object made(Class<?> settings, ConfigMappingContext context) {
      try {
        return settings.getDeclaredConstructor(ConfigMappingContext.class).newInstance(context);
      } catch (ReflectiveOperationException e) {
        throw failure(settings, e);
      }
    }

    static Object told(Class<?> settings, String question) {
      try {
        return settings.getDeclaredMethod(question).invoke(null);
      } catch (ReflectiveOperationException e) {
        throw failure(settings, e);
      }
    }

    private static RuntimeException failure(Class<?> settings, ReflectiveOperationException why) {
      // What is wrong with a value is told by an exception of its own.
      return why instanceof InvocationTargetException called
              && called.getCause() instanceof RuntimeException wrong
          ? wrong
          : new IllegalStateException(settings + " cannot be used", why);
    }
  }
}
