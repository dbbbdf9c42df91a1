package io.postern.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.conditions.ArchConditions.haveRawType;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.channels.Channel;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * A native image runs static initializers when it is built, and keeps what they made: what belongs
 * to a process, a machine or a moment must not be kept so. The image's builder refuses some of it,
 * late; and keeps the rest, which is worse.
 */
final class NativeImage {
  private static final List<Class<?>> OF_THE_PROCESS =
      List.of(
          Random.class,
          Thread.class,
          Executor.class,
          InetAddress.class,
          Channel.class,
          Instant.class,
          Buffer.class);

  /** Where it is said which classes are initialized when the executable runs. */
  private static final String ARGUMENTS =
      "/META-INF/native-image/io.postern/postern/native-image.properties";

  /** The classes that are not initialized when the image is built. */
  private static final Set<String> AT_RUN_TIME = atRunTime();

  private NativeImage() {}

  /** No static field of a class that is initialized when the image is built holds such a value. */
  static ArchRule keepsNothingOfTheBuildProcess() {
    return noFields()
        .that()
        .areStatic()
        .and()
        .areDeclaredInClassesThat(
            describe("initialized when built", type -> !AT_RUN_TIME.contains(type.getName())))
        .should(haveRawType(ofTheProcess()));
  }

  private static Set<String> atRunTime() {
    try (var file = NativeImage.class.getResourceAsStream(ARGUMENTS)) {
      var arguments = new Properties();
      arguments.load(file);
      return Set.copyOf(List.of(arguments.getProperty("Args").split("[ =,]+")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DescribedPredicate<JavaClass> ofTheProcess() {
    return describe(
        "of a process, a machine or a moment, or a record that holds such a value",
        NativeImage::isOfTheProcess);
  }

  private static boolean isOfTheProcess(JavaClass type) {
    return OF_THE_PROCESS.stream().anyMatch(kind -> assignableTo(kind).test(type))
        || (type.isRecord()
            && type.getFields().stream()
                .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
                .anyMatch(field -> isOfTheProcess(field.getRawType())));
  }
}
