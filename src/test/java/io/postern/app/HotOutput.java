package io.postern.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.bootstrap.logging.InitialConfigurator;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.jboss.logmanager.handlers.ConsoleHandler;

/** What the server writes to its log, as it is written, while this is open. */
final class HotOutput implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 60;

  private final List<ConsoleHandler> consoles =
      Stream.of(InitialConfigurator.DELAYED_HANDLER.getHandlers())
          .filter(ConsoleHandler.class::isInstance)
          .map(ConsoleHandler.class::cast)
          .toList();

  private final BlockingQueue<String> coming = new LinkedBlockingQueue<>();
  private final List<String> seen = new ArrayList<>();

  HotOutput() {
    assertThat(consoles).as("handlers of the log").isNotEmpty();
    consoles.forEach(console -> console.setOutputStream(new Lines()));
  }

  /** The first line with these words that was or is written. */
  String line(String... words) throws InterruptedException {
    var found = seen.stream().filter(line -> has(line, words)).findFirst();
    while (found.isEmpty()) {
      var line = Optional.ofNullable(coming.poll(PATIENCE_SECONDS, SECONDS));
      assertThat(line).as("a line with %s", List.of(words)).isPresent();
      seen.add(line.get());
      found = line.filter(it -> has(it, words));
    }
    return found.get();
  }

  /** Whether none that was written up to the last one asked for has these words. */
  void lacks(String... words) {
    assertThat(seen).noneMatch(line -> has(line, words));
  }

  private static boolean has(String line, String... words) {
    return Stream.of(words).allMatch(line::contains);
  }

  @Override
  public void close() {
    consoles.forEach(console -> console.setTarget(ConsoleHandler.Target.SYSTEM_OUT));
  }

  /** Cuts what is written into lines; used by one handler, which does one thing at a time. */
  private final class Lines extends OutputStream {
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    @Override
    public void write(int octet) {
      System.out.write(octet);
      if (octet == '\n') {
        coming.add(line.toString(StandardCharsets.UTF_8));
        line.reset();
      } else {
        line.write(octet);
      }
    }
  }
}
