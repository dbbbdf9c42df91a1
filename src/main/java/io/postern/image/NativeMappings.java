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
 * Creates the objects of settings in a native executable by reflection, which is compiled there.
 * The library uses method handles instead, which are interpreted; that took an eighth of the time
 * until the first client was greeted.
 */
@TargetClass(ConfigMappingLoader.class)
final class NativeMappings {
  @Alias
  static native <T> Class<?> loadImplementation(Class<T> type);

  @Substitute
  static <T> T configMappingObject(Class<T> type, ConfigMappingContext context) {
    return type.cast(Reflected.newInstance(loadImplementation(type), context));
  }

  // As in the library.
  @SuppressWarnings("unchecked")
  @Substitute
  static <T> Map<String, String> configMappingProperties(Class<T> type) {
    return (Map<String, String>) Reflected.callStatic(loadImplementation(type), "getProperties");
  }

  // As in the library.
  @SuppressWarnings("unchecked")
  @Substitute
  static <T> Set<String> configMappingSecrets(Class<T> type) {
    return (Set<String>) Reflected.callStatic(loadImplementation(type), "getSecrets");
  }

  /** A class of settings that the build has generated. */
  private static final class Reflected {
    static Object newInstance(Class<?> settings, ConfigMappingContext context) {
      try {
        return settings.getDeclaredConstructor(ConfigMappingContext.class).newInstance(context);
      } catch (ReflectiveOperationException e) {
        throw failure(settings, e);
      }
    }

    static Object callStatic(Class<?> settings, String method) {
      try {
        return settings.getDeclaredMethod(method).invoke(null);
      } catch (ReflectiveOperationException e) {
        throw failure(settings, e);
      }
    }

    private static RuntimeException failure(Class<?> settings, ReflectiveOperationException why) {
      // An invalid value is reported by the exception of the settings' own constructor.
      return why instanceof InvocationTargetException target
              && target.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(settings + " cannot be used", why);
    }
  }
}
