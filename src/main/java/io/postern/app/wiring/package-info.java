/**
 * The only place where a port meets its adapter.
 *
 * <p>Holds one producer per area: {@code DatabaseWiring}, {@code StoreWiring}, {@code LoginWiring},
 * {@code LimitsWiring}, {@code PushWiring}, {@code AdminWiring}, {@code RenderingWiring}, {@code
 * SiteWiring}, and {@code Wiring} for the protocols; {@code MessageRetrieval} decides how a session
 * is shown messages. Imports every package. No package but {@code app} imports it.
 */
package io.postern.app.wiring;
