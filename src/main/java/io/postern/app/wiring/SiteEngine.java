package io.postern.app.wiring;

import io.postern.tls.TlsEngine;
import java.util.function.Supplier;

/** The TLS engine of new connections to other sites. */
@FunctionalInterface
public interface SiteEngine extends Supplier<TlsEngine> {}
