package io.postern.cancellation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CancellationTokenTest {
  private final CancellationToken token = new CancellationToken();
  private final List<CancellationToken> seen = new ArrayList<>();

  private Uni<Integer> look(int value) {
    return CancellationToken.with(
        found -> {
          seen.add(found);
          return Uni.createFrom().item(value);
        });
  }

  @Test
  void aCallbackRunsOnceWhenTheTokenIsCancelled() {
    var runs = new AtomicInteger();
    token.onCancel(runs::incrementAndGet);
    assertThat(runs).hasValue(0);
    token.cancel();
    token.cancel();
    assertThat(runs).hasValue(1);
    assertThat(token.cancelled()).isTrue();
  }

  @Test
  void aCallbackOfACancelledTokenRunsAtOnce() {
    var runs = new AtomicInteger();
    token.cancel();
    token.onCancel(runs::incrementAndGet);
    assertThat(runs).hasValue(1);
  }

  @Test
  void aCallbackThatWasRemovedDoesNotRun() {
    var runs = new AtomicInteger();
    token.onCancel(runs::incrementAndGet).remove();
    token.cancel();
    assertThat(runs).hasValue(0);
  }

  @Test
  void oneOfSeveralCallbacksCanBeRemovedMoreThanOnce() {
    var ran = new ArrayList<Integer>();
    token.onCancel(() -> ran.add(1));
    var second = token.onCancel(() -> ran.add(2));
    token.onCancel(() -> ran.add(3));
    second.remove();
    second.remove();
    token.onCancel(() -> ran.add(4));
    token.cancel();
    assertThat(ran).containsExactlyInAnyOrder(1, 3, 4);
  }

  @Test
  void aCallbackCanRemoveAnotherAndAddOne() {
    var ran = new ArrayList<Integer>();
    var others = new ArrayList<CancellationToken.Registration>();
    token.onCancel(
        () -> {
          ran.add(1);
          others.forEach(CancellationToken.Registration::remove);
          token.onCancel(() -> ran.add(2));
        });
    others.add(token.onCancel(() -> ran.add(3)));
    token.cancel();
    assertThat(ran).containsExactly(1, 2);
  }

  @Test
  void aCallbackThatFailsDoesNotKeepTheOthersFromRunning() {
    var ran = new ArrayList<Integer>();
    token.onCancel(() -> ran.add(1));
    token.onCancel(
        () -> {
          throw new IllegalStateException("a fault");
        });
    token.onCancel(() -> ran.add(3));
    assertThatThrownBy(token::cancel).hasMessage("a fault");
    assertThat(ran).containsExactly(1, 3);
  }

  @Test
  void theTokenReachesTheWorkThroughAllOperators() {
    var work =
        look(1)
            .chain(() -> Uni.join().all(look(2), look(3)).andFailFast())
            .onItem()
            .transformToMulti(all -> Multi.createFrom().iterable(all))
            .onItem()
            .transformToUniAndConcatenate(this::look)
            .select()
            .first(item -> item > 0)
            .collect()
            .asList()
            .chain(() -> Uni.createFrom().deferred(() -> look(4)))
            .chain(
                () ->
                    Multi.createBy()
                        .repeating()
                        .uni(() -> look(5))
                        .whilst(_ -> seen.size() < 8)
                        .onItem()
                        .ignoreAsUni())
            .onTermination()
            .invoke(() -> {})
            .replaceWith(0)
            .onFailure()
            .recoverWithItem(0)
            .emitOn(Runnable::run);
    work.subscribe().with(token.context(), _ -> {});
    assertThat(seen).hasSize(8).containsOnly(token);
  }

  @Test
  void workIsNotCancelledWithoutAToken() {
    look(1).subscribe().with(_ -> {});
    assertThat(seen).containsExactly(CancellationToken.NONE);
    assertThatThrownBy(CancellationToken.NONE::cancel).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void workThatMustNotBeLeftHalfDoneHasNoToken() {
    CancellationToken.uncancelled(look(1)).subscribe().with(token.context(), _ -> {});
    assertThat(seen).containsExactly(CancellationToken.NONE);
  }
}
