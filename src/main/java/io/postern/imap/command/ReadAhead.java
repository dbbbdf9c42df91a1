package io.postern.imap.command;

import io.postern.cancellation.CancellationToken;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Reads data in batches, and writes each while the next one is read. On one context.
 *
 * @param <B> a batch
 */
final class ReadAhead<B> {
  private final Supplier<Optional<Uni<B>>> read;
  private final Consumer<B> discard;
  private final Function<B, Uni<Void>> write;
  private final CancellationToken token;
  private Optional<Uni<B>> reading = Optional.empty();
  private Optional<B> arrived = Optional.empty();
  private boolean ended;

  private ReadAhead(
      Supplier<Optional<Uni<B>>> read,
      Consumer<B> discard,
      Function<B, Uni<Void>> write,
      CancellationToken token) {
    this.read = read;
    this.discard = discard;
    this.write = write;
    this.token = token;
  }

  /**
   * Reads and writes all batches; fails as the first read or write that fails. A read under way is
   * cancelled with the subscription's token.
   *
   * @param read the next read, called when the one before is complete; empty when there is no more
   * @param discard releases a batch that was read and will not be written
   * @param write writes a batch, and releases it
   */
  static <B> Uni<Void> run(
      Supplier<Optional<Uni<B>>> read, Consumer<B> discard, Function<B, Uni<Void>> write) {
    return CancellationToken.with(token -> new ReadAhead<>(read, discard, write, token).run());
  }

  private Uni<Void> run() {
    return Multi.createBy()
        .repeating()
        .uni(this::step)
        .whilst(more -> more)
        .onTermination()
        .invoke(this::end)
        .onItem()
        .ignoreAsUni();
  }

  /** Writes the next batch; false when there is none. */
  private Uni<Boolean> step() {
    return reading
        .or(read)
        .map(next -> next.chain(this::written).replaceWith(true))
        .orElseGet(() -> Uni.createFrom().item(false));
  }

  private Uni<Void> written(B batch) {
    arrived = Optional.empty();
    reading = read.get().map(next -> next.memoize().indefinitely());
    reading.ifPresent(
        next ->
            next.subscribe()
                .with(
                    token.context(),
                    this::arrive,
                    // Reported by the step that awaits it.
                    _ -> {}));
    return write.apply(batch);
  }

  private void arrive(B batch) {
    if (ended) {
      discard.accept(batch);
    } else {
      arrived = Optional.of(batch);
    }
  }

  private void end() {
    ended = true;
    arrived.ifPresent(discard);
    arrived = Optional.empty();
  }
}
