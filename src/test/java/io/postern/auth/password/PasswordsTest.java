package io.postern.auth.password;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.auth.LoginFixture;
import io.postern.auth.password.Argon2.Cost;
import io.postern.store.account.Secret;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final LoginFixture cheap = new LoginFixture();

  @AfterEach
  void close() {
    cheap.workers.close();
  }

  @Test
  void aHashMatchesItsPasswordOnly() {
    var verifier = await(cheap.passwords.verifiers(new Secret("sésame"))).password();
    assertThat(await(cheap.passwords.verify("alice", verifier, new Secret("sésame")))).isTrue();
    assertThat(await(cheap.passwords.verify("alice", verifier, new Secret("sesame")))).isFalse();
    assertThat(await(cheap.passwords.verify("alice", verifier, new Secret("")))).isFalse();
  }

  /** RFC 4013 §3: the Roman numeral nine is the letters, a soft hyphen is nothing. */
  @Test
  void equallyPreparedPasswordsMatch() {
    var verifier = await(cheap.passwords.verifiers(new Secret("I\u00adX"))).password();
    for (var form : List.of("IX", "\u2168", "I\u00adX")) {
      assertThat(await(cheap.passwords.verify("alice", verifier, new Secret(form))))
          .as(form)
          .isTrue();
    }
    assertThat(await(cheap.passwords.verify("alice", verifier, new Secret("ix")))).isFalse();
  }

  @Test
  void verifiersOfUnpreparedPasswordsKeepMatching() {
    var typed = Argon2.of(new Secret("\u2168"), FastPasswords.COST).encoded();
    assertThat(await(cheap.passwords.verify("alice", typed, new Secret("\u2168")))).isTrue();
    assertThat(await(cheap.passwords.verify("alice", typed, new Secret("\u2169")))).isFalse();
    assertThat(await(cheap.passwords.verify("alice", typed, new Secret("IX")))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\ud83e\udd90", "\u00ad", "a\u0627b", "\ud800"})
  void aPasswordThatCannotBePreparedMatchesAsItIs(String text) {
    var verifiers = await(cheap.passwords.verifiers(new Secret(text)));
    assertThat(verifiers.scram()).isEmpty();
    assertThat(await(cheap.passwords.verify("alice", verifiers.password(), new Secret(text))))
        .isTrue();
    assertThat(await(cheap.passwords.verify("alice", verifiers.password(), new Secret("x"))))
        .isFalse();
    // Nothing better can be made of it: it is not hashed anew at each login.
    assertThat(Passwords.isUpToDate(verifiers, new Secret(text))).isTrue();
  }

  @Test
  void theSamePasswordHashesDifferentlyEachTime() {
    var one = await(cheap.passwords.verifiers(new Secret("secret"))).password();
    var other = await(cheap.passwords.verifiers(new Secret("secret"))).password();
    assertThat(one.reveal()).isNotEqualTo(other.reveal());
  }

  @Test
  void newVerifiersHaveTheDefaultCost() {
    var verifier = Argon2.of(new Secret("secret"), Cost.DEFAULT);
    assertThat(verifier.encoded().reveal()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    assertThat(Argon2.parse(verifier.encoded()).orElseThrow().matches(new Secret("secret")))
        .isTrue();
  }

  @Test
  void aVerifierOfTheReferenceImplementationIsRead() {
    // argon2 "somesalt" -id -t 2 -m 16 -p 1, from the reference implementation's own tests.
    var verifier =
        new Secret(
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
                + "$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");
    assertThat(await(cheap.passwords.verify("alice", verifier, new Secret("password")))).isTrue();
    assertThat(await(cheap.passwords.verify("alice", verifier, new Secret("passwore")))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "$argon2i$v=19$m=8,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=16$m=8,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=7,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=262145,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=8,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=8,t=17,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=8,t=1,p=17$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQxx$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
      })
  void unreadableOrTooCostlyVerifiersMatchNothing(String verifier) {
    assertThat(Argon2.parse(new Secret(verifier))).isEmpty();
    assertThat(await(cheap.passwords.verify("alice", new Secret(verifier), new Secret("secret"))))
        .isFalse();
  }

  @Test
  void costsOnTheBoundsAreAccepted() {
    assertThat(new Cost(8, 1, 1).isAccepted()).isTrue();
    assertThat(new Cost(256 * 1024, 16, 16).isAccepted()).isTrue();
  }

  @Test
  void manyConcurrentChecksComplete() {
    try (var workers = new Workers(2, 500)) {
      var passwords = new Passwords(workers, cheap.verified, FastPasswords.COST, 1);
      var verifier = await(passwords.verifiers(new Secret("secret"))).password();
      var all = new ArrayList<Uni<Boolean>>();
      for (int i = 0; i < 500; i++) {
        all.add(
            passwords.verify("alice", verifier, new Secret(i % 2 == 0 ? "secret" : "wrong" + i)));
      }
      var answers = await(Uni.join().all(all).andCollectFailures());
      assertThat(answers).hasSize(500).filteredOn(a -> a).hasSize(250);
    }
  }

  @Test
  void theResultIsDeliveredOnTheCallersContext() {
    var vertx = Vertx.vertx();
    var context = vertx.getOrCreateContext();
    var where = new CompletableFuture<Boolean>();
    context.runOnContext(
        _ ->
            cheap
                .passwords
                .verifiers(new Secret("secret"))
                .subscribe()
                .with(_ -> where.complete(Vertx.currentContext() == context)));
    assertThat(where).succeedsWithin(SOON).isEqualTo(true);
    assertThat(vertx.close().toCompletionStage().toCompletableFuture()).succeedsWithin(SOON);
  }

  private static <T> T await(Uni<T> uni) {
    return uni.await().atMost(SOON);
  }
}
