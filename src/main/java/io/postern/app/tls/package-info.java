/**
 * TLS of this server's ports, by the current settings: the platform's certificate for the listeners
 * and as the signer of Apple's profiles, the engine of each protocol, and the secret of session
 * tickets that replicas share.
 *
 * <p>Imports {@code config}, {@code tls}, {@code store.account} and the format of profiles. Only
 * {@code app} imports it.
 */
package io.postern.app.tls;
