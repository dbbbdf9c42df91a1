/**
 * The front door: joins the rooms, opens and closes.
 *
 * <p>Holds {@code Wiring} and {@code StoreWiring}, the only places where a port meets its adapter;
 * {@code Main}, which is the process; {@code Server}, which opens the listeners in order and closes
 * them in reverse; {@code Migrations}; {@code MailTls}, through which listeners take the platform's
 * certificate; {@code DemoAccounts}; and the schedule of the sweeper. Imports every room; nobody
 * imports it.
 *
 * <p>Laws: settings out of their bounds stop the start, as does an address that cannot be had. A
 * database that is not there is waited for: clients are greeted, their logins wait, and the node is
 * not ready. Accounts with a password that everybody knows are never made beside a production
 * database.
 */
package io.postern.app;
