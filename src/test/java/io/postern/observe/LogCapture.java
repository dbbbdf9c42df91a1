package io.postern.observe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.regex.Pattern;

/**
 * Collects what is logged while all are as talkative as an operator can make them: ours at every
 * level, others at DEBUG, and not below the least level that application.properties leaves them.
 */
public final class LogCapture extends Handler implements AutoCloseable {
  private static final Pattern LEAST =
      Pattern.compile("quarkus\\.log\\.category\\.\"(.+)\"\\.min-level");

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final SimpleFormatter formatter = new SimpleFormatter();

  /** Referenced, because loggers without references lose their levels. */
  private final List<Logger> loggers = new ArrayList<>();

  private final List<Level> before = new ArrayList<>();

  private LogCapture() {
    setLevel(Level.ALL);
  }

  /** Listens from now on. */
  public static LogCapture listening() {
    var log = new LogCapture();
    log.levels().forEach(log::level);
    Logger.getLogger("").addHandler(log);
    return log;
  }

  private Map<String, Level> levels() {
    var levels = new LinkedHashMap<String, Level>();
    levels.put("", Level.FINE);
    levels.put("io.postern", Level.ALL);
    levels.put("mail", Level.ALL);
    // The tests' own client of administration.
    levels.put("org.apache.http", Level.INFO);
    for (var key : properties().stringPropertyNames()) {
      var category = LEAST.matcher(key);
      if (category.matches()) {
        levels.put(category.group(1), Level.parse(properties().getProperty(key)));
      }
    }
    return levels;
  }

  private static Properties properties() {
    var properties = new Properties();
    try (var in = LogCapture.class.getResourceAsStream("/application.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }

  private void level(String name, Level level) {
    var logger = Logger.getLogger(name);
    loggers.add(logger);
    before.add(logger.getLevel());
    logger.setLevel(level);
  }

  /** What was logged. */
  public List<String> lines() {
    return lines;
  }

  /** Waits until a line contains this; fails after 20 seconds. */
  public synchronized void await(String part) throws InterruptedException {
    long end = System.nanoTime() + 20_000_000_000L;
    while (lines.stream().noneMatch(line -> line.contains(part))) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new AssertionError("nothing logged contains: " + part);
      }
      wait(left);
    }
  }

  @Override
  public synchronized void publish(LogRecord line) {
    lines.add(formatter.format(line));
    notifyAll();
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    Logger.getLogger("").removeHandler(this);
    for (int i = 0; i < loggers.size(); i++) {
      loggers.get(i).setLevel(before.get(i));
    }
  }
}
