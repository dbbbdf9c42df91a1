package io.postern.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.conditions.ArchConditions.haveRawType;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.channels.Channel;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/**
 * A native image runs static initializers when it is built, and keeps what they made: what belongs
 * to a process, a machine or a moment must not be kept so. The image's builder refuses some of it,
 * late; and keeps the rest, which is worse.
 */
class NativeTest {
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

  @Test
  void nativeImageKeepsNothingOfTheBuildProcess() {
    noFields()
        .that()
        .areStatic()
        .and()
        .areDeclaredInClassesThat(describe("initialized when built", NativeTest::whenBuilt))
        .should(haveRawType(ofTheProcess()))
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages(Rooms.BASE));
  }

  private static boolean whenBuilt(JavaClass type) {
    try (var file = NativeTest.class.getResourceAsStream(ARGUMENTS)) {
      var arguments = new Properties();
      arguments.load(file);
      return !List.of(arguments.getProperty("Args").split("[ =,]")).contains(type.getName());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DescribedPredicate<JavaClass> ofTheProcess() {
    return describe(
        "of a process, a machine or a moment",
        type -> OF_THE_PROCESS.stream().anyMatch(kind -> assignableTo(kind).test(type)));
  }
}
