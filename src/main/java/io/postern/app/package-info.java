/**
 * Starts and stops the server, and connects its packages.
 *
 * <p>Holds {@code Wiring} and {@code StoreWiring}, the only places where a port meets its adapter;
 * {@code Main}, the entry point; {@code Server}, which opens the listeners in order and closes them
 * in reverse; {@code SettingsPages}, which does so with the ports of the settings page; {@code
 * SiteListeners}, the listeners for other sites; {@code DirectoryJob}, which migrates and fills the
 * directory of homes; {@code Migrations}; {@code DemoAccounts}; and {@code MaintenanceJob}, which
 * schedules the sweeper. TLS of the ports is in {@code tls}. Imports every package; no package
 * imports it.
 *
 * <p>Laws: settings out of their bounds stop the start, as does an address that cannot be bound.
 * The server waits for an unreachable database: clients are greeted, their logins wait, and the
 * node is not ready. Accounts with a publicly known password are never created in a production
 * database.
 */
package io.postern.app;
