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

/** When it is looked whether settings changed, and whether all listens that should. */
@Singleton
class ConfigPolling {
  private static final Logger LOG = System.getLogger(ConfigPolling.class.getName());

  private final ConfigWatcher watcher;

  private final ServiceSwitches services;

  ConfigPolling(ConfigWatcher watcher, ServiceSwitches services) {
    this.watcher = watcher;
    this.services = services;
  }

  /** Made at the start, so that keys which nobody knows are told before anybody is served. */
  void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
    LOG.log(Level.DEBUG, "settings are watched; in force: {0}", watcher.inForce());
  }

  @Scheduled(every = "1s", concurrentExecution = ConcurrentExecution.SKIP, identity = "settings")
  void look() {
    watcher.poll();
    // What could not be had is tried again, and who has gone gives up the address.
    services.bring();
  }
}
