/**
 * A mail client that tests this server's own listeners: connectivity tests on request and periodic
 * probes. Exchange: Test-ImapConnectivity, Test-PopConnectivity, and the probes of the health sets.
 *
 * <p>Holds {@code ConnectivityTest} (what is tested), {@code ConnectivityTests}, which runs it with
 * {@code ImapDialogue} or {@code Pop3Dialogue} over a {@code ProbeConnection}, and {@code
 * ConnectivityResult} with the duration of each step; {@code Targets}, a port that finds the
 * listeners. Imports {@code model} and {@code store.account.Secret}; else JDK only.
 *
 * <p>Laws: only listeners of this server are connected to. Runs on a thread that may block; every
 * read and write has a deadline, and what the server sends is bounded. A test leaves the mailbox as
 * it was: what it adds it removes.
 */
package io.postern.probe;
