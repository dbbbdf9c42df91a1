package io.postern.app;

import io.postern.config.watch.ConfigWatcher;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Checks periodically whether settings changed and whether all configured listeners are open. */
@Singleton
class ConfigPolling {
  private static final Logger LOG = System.getLogger(ConfigPolling.class.getName());

  private final ConfigWatcher watcher;

  private final ServiceSwitches services;

  ConfigPolling(ConfigWatcher watcher, ServiceSwitches services) {
    this.watcher = watcher;
    this.services = services;
  }

  /** Created at the start, so that unknown keys are reported before any client is served. */
  void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
    LOG.log(Level.DEBUG, "Settings are polled; in force: {0}", watcher.inForce());
  }

  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP, identity = "settings")
  void poll() {
    watcher.poll();
    // Retries failed listeners, and closes drained listeners.
    services.apply();
  }
}
