/**
 * The only place where a port meets its adapter.
 *
 * <p>Holds one producer per area: {@code DatabaseWiring}, {@code StoreWiring}, {@code LoginWiring},
 * {@code LimitsWiring}, {@code PushWiring}, {@code AdminWiring}, and {@code Wiring} for the
 * protocols. Imports every package. No package but {@code app} imports it.
 */
package io.postern.app.wiring;
