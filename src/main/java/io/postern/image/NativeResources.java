package io.postern.image;

import com.oracle.svm.core.annotate.Alias;
import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Compares the keys of resources in a native executable. The keys are a record, whose generated
 * {@code equals} is interpreted there: at each lookup of a file or a service, a tenth of the time
 * until the first client was greeted.
 */
@TargetClass(
    className = NativeResources.AsKnown.HOLDER,
    innerClass = NativeResources.AsKnown.KEY,
    onlyWith = NativeResources.AsKnown.class)
// The hash stays the record's own: the image was laid out by it.
@SuppressWarnings({"overrides", "EqualsHashCode"})
final class NativeResources {
  // A field of the record.
  @SuppressWarnings("NullAway.Init")
  @Alias
  private Module module;

  // A field of the record.
  @SuppressWarnings("NullAway.Init")
  @Alias
  private String resource;

  @Substitute
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NativeResources key
        && module == key.module
        && resource.equals(key.resource);
  }

  /** Whether the image builder has such a record, which is internal to it. */
  static final class AsKnown implements BooleanSupplier {
    static final String HOLDER = "com.oracle.svm.core.jdk.Resources";
    static final String KEY = "ModuleInstanceResourceKey";

    @Override
    public boolean getAsBoolean() {
      try {
        var loader = AsKnown.class.getClassLoader();
        var key = Class.forName(HOLDER + "$" + KEY, false, loader);
        return key.isRecord()
            && Arrays.stream(key.getDeclaredFields())
                .map(field -> field.getName() + " " + field.getType().getName())
                .toList()
                .containsAll(List.of("module java.lang.Module", "resource java.lang.String"));
      } catch (ClassNotFoundException _) {
        // Another builder: nothing to substitute.
        return false;
      }
    }
  }
}
