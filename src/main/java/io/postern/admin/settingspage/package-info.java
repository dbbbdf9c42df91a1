/**
 * The settings page for users, and the files from which mail programs configure themselves, over
 * HTTP on ports of their own.
 *
 * <p>Holds {@code SettingsHandler}, which takes requests from the network; {@code SettingsRoutes},
 * which answers them from the settings in force; {@code Domains}, {@code RequestLimit} and {@code
 * ConnectionLimit}. The documents are written in {@code format}. Imports {@code config}, {@code
 * config.net} and {@code format}. Uses Vert.x' HTTP server, not the platform's: its port serves the
 * admin API, which must not be reachable here, nor this page there. Must not know an account, a
 * store or a protocol.
 *
 * <p>Laws: an answer depends on the request and the settings only, so that neither its content nor
 * its time shows whether an address exists. Everything a client sends is bounded: the head by
 * Vert.x, the body here; requests of an address in a minute, connections and their time, too. No
 * answer is computed on an event loop.
 *
 * <p>RFC 9110, RFC 9112, RFC 9457.
 */
package io.postern.admin.settingspage;
