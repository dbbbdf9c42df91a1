package io.postern.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.mutiny.groups.UniAwait;
import io.vertx.core.Context;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The walls of the house: which room may use what. The rooms' own table is in {@link Rooms}. */
class WallsTest {

  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(Walls.BASE);

  private static void holds(ArchRule rule) {
    rule.allowEmptyShould(true).check(HOUSE);
  }

  private static String in(String room) {
    return Walls.BASE + "." + room + "..";
  }

  private static String[] in(String first, String... others) {
    var packages = new String[others.length + 1];
    packages[0] = in(first);
    for (var i = 0; i < others.length; i++) {
      packages[i + 1] = in(others[i]);
    }
    return packages;
  }

  @Test
  void everyClassLivesInARoom() {
    holds(
        classes()
            .that(resideOutsideOfPackage(Walls.BASE))
            .should(
                ArchCondition.from(
                    describe(
                        "live in a room of Rooms' table", type -> Walls.of(type).isPresent()))));
  }

  @Test
  void roomsKnowOnlyTheRoomsOfTheirRow() {
    holds(classes().should(stayWithinTheirWalls()));
  }

  private static ArchCondition<JavaClass> stayWithinTheirWalls() {
    return new ArchCondition<>("use only the rooms of their room's row in Rooms") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        var room = Walls.of(type).orElse("");
        type.getDirectDependenciesFromSelf().stream()
            .filter(dependency -> Walls.of(dependency.getTargetClass()).isPresent())
            .filter(dependency -> !Walls.mayImport(room, dependency.getTargetClass()))
            .forEach(wall -> events.add(violated(wall, wall.getDescription())));
      }
    };
  }

  @Test
  void roomsFormNoCycle() {
    holds(slices().assignedFrom(new ByRoom()).should().beFreeOfCycles());
  }

  private static final class ByRoom implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return Walls.of(type).map(SliceIdentifier::of).orElse(SliceIdentifier.ignore());
    }

    @Override
    public String getDescription() {
      return "rooms";
    }
  }

  @Test
  void atMostThreeFilesKnowEachOther() {
    assertThat(Knots.of(HOUSE))
        .as("more than %d files that refer to each other, if only through others", Knots.FILES)
        .isEmpty();
  }

  @Test
  void modelNeedsTheJdkOnly() {
    holds(
        classes()
            .that(resideInAPackage(in("model")))
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", in("model"))));
  }

  @Test
  void socketsAreSeenByFewRooms() {
    holds(
        noClasses()
            .that(resideOutsideOf("wire", "admission", "tls", "app"))
            .should()
            .dependOnClassesThat(
                resideInAPackage("io.vertx.core.net..")
                    // A value: the peer.
                    .and(not(type(SocketAddress.class)))));
    holds(
        noClasses()
            // Only the admin API and the settings page use HTTP; wire uses the TLS options.
            .that(
                resideOutsideOf(
                    "wire",
                    "admission",
                    "tls",
                    "admin.security",
                    // It streams bodies.
                    "admin.mailbox",
                    "admin.settingspage",
                    // Calls between sites.
                    "site.transfer",
                    "app"))
            .should()
            .dependOnClassesThat(resideInAPackage("io.vertx.core.http..")));
    holds(
        noClasses()
            .that(resideInAPackage(in("admin.settingspage.format")))
            .should()
            .dependOnClassesThat(resideInAPackage("io.vertx.core.http..")));
  }

  @Test
  void parsersUseOnlyBuffersOfVertx() {
    var buffers = resideInAnyPackage("io.vertx.core.buffer..", "io.vertx.core.shareddata..");
    holds(
        noClasses()
            .that(resideInAnyPackage(in("mime", "imap.grammar")))
            .should()
            .dependOnClassesThat(resideInAPackage("io.vertx..").and(not(buffers))));
  }

  @Test
  void pureRoomsDoNotBlock() {
    holds(
        noClasses()
            .that(resideInAnyPackage(in("model", "mime", "imap.grammar", "config")))
            .should()
            .dependOnClassesThat(resideInAPackage("io.smallrye.mutiny..")));
  }

  @Test
  void onlyThePostgresAdapterOpensTheDatabase() {
    holds(
        noClasses()
            .that(
                resideOutsideOf(
                    "store.postgres",
                    "store.postgres.tx",
                    "store.postgres.schema",
                    // A database of its own: the directory of homes.
                    "site.directory",
                    "app"))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                    "org.hibernate.reactive..",
                    "org.hibernate.query..",
                    "jakarta.persistence..",
                    "io.vertx.sqlclient..",
                    "io.vertx.pgclient..",
                    "io.vertx.mutiny.sqlclient..",
                    "io.vertx.mutiny.pgclient..",
                    "java.sql..")));
  }

  @Test
  void redisIsKnownToFewRooms() {
    var notHints =
        describe("not RedisHints", (JavaClass type) -> !type.getName().contains(".push.Redis"));
    holds(
        noClasses()
            .that(resideOutsideOf("bus", "limits", "app", "observe").and(notHints))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                    "io.quarkus.redis..", "io.vertx.redis..", "io.vertx.mutiny.redis..")));
  }

  @Test
  void theProtocolHalfIsPlainJava() {
    holds(
        noClasses()
            .that(resideOutsideOf("app", "config", "admin", "observe", "store.postgres", "push"))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                        "jakarta.enterprise..",
                        "jakarta.inject..",
                        "io.quarkus.arc..",
                        "io.quarkus.runtime..",
                        "org.eclipse.microprofile.config.inject..")
                    // A value: what a setting of a size is.
                    .and(not(type(MemorySize.class)))));
  }

  @Test
  void noRoomBlocksAThread() {
    holds(noClasses().should().callMethod(Thread.class, "sleep", long.class));
    holds(noClasses().should().callMethod(Thread.class, "sleep", Duration.class));
    holds(noClasses().should().callMethod(CompletableFuture.class, "join"));
    holds(noClasses().should().callMethod(UniAwait.class, "indefinitely"));
    holds(methods().should().notHaveModifier(JavaModifier.SYNCHRONIZED));
  }

  /** Of such tasks the event loop runs dozens before it polls its sockets again. */
  @Test
  void protocolsContinueTheirWorkThroughTheQueueOfConnections() {
    holds(
        noClasses()
            .that(resideInAnyPackage(in("imap", "pop3", "lmtp")))
            .should()
            .callMethodWhere(
                describe(
                    "it runs a task on a context",
                    call ->
                        call.getTargetOwner().isAssignableTo(Context.class)
                            && call.getName().equals("runOnContext"))));
  }

  @Test
  void onlyTheOutboxWritesToAClientsSocket() {
    var socket = NetSocket.class;
    holds(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName(Walls.BASE + ".wire.transport.SocketOutbox")
            .and()
            .doNotHaveFullyQualifiedName(Walls.BASE + ".wire.dial.SocketStream")
            .should()
            .callMethodWhere(
                describe(
                    "it writes to a socket",
                    call ->
                        call.getTargetOwner().isAssignableTo(socket)
                            && call.getName().startsWith("write"))));
  }

  @Test
  void nativeImageKeepsNothingOfTheBuildProcess() {
    holds(NativeImage.keepsNothingOfTheBuildProcess());
  }

  @Test
  void classNamesFollowTheRules() {
    holds(
        noClasses()
            .should()
            .haveNameMatching(
                "(.*[.$])?((Abstract|Base|Default)[A-Z]\\w*|\\w*(Impl|Manager|Helper|Utils?|Factory|DTO|Dto))"));
  }

  private static DescribedPredicate<JavaClass> resideOutsideOf(String first, String... others) {
    return not(resideInAnyPackage(in(first, others)));
  }
}
