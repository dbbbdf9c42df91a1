package io.postern.observe.log;

import io.postern.config.Live;
import io.postern.config.LiveSettings;
import io.quarkus.bootstrap.logging.InitialConfigurator;
import io.quarkus.logging.json.runtime.JsonLogConfig;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtFormatter;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.handlers.ConsoleHandler;

/**
 * Formats log lines as text or JSON, as the current settings say. A line of a session begins with
 * {@code session} and its id, which JSON has as a field of its own.
 */
@Singleton
final class LogLines {
  private final Live live;
  private final JsonLogConfig json;

  LogLines(Live live, JsonLogConfig json) {
    this.live = live;
    this.json = json;
  }

  /** Runs early, so that startup is logged in this format, too; lines before the beans are text. */
  void install(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
    for (var handler : InitialConfigurator.DELAYED_HANDLER.getHandlers()) {
      if (handler instanceof ConsoleHandler console && console.getFormatter() != null) {
        console.setFormatter(new Switched(console.getFormatter()));
      }
    }
  }

  private final class Switched extends ExtFormatter {
    private final Formatter text;
    private final JsonLine json = new JsonLine(LogLines.this.json.consoleJson());

    Switched(Formatter text) {
      // A formatter left by an earlier start in this process is not wrapped again.
      this.text = text instanceof Switched old ? old.text : text;
    }

    @Override
    public String format(ExtLogRecord record) {
      return live.now().log().format() == LiveSettings.Log.Format.JSON
          ? json.format(record)
          : text.format((LogRecord) record);
    }
  }
}
