/**
 * The bundled PostgreSQL and Redis of development, tests and single-node runs.
 *
 * <p>Holds: the two servers' binaries (unpacked from optional dependencies), their start, their
 * restart, their end with this process, a development certificate, and the configuration source
 * that passes all of it to Quarkus before it reads the address of its database.
 *
 * <p>Imports: the JDK, SmallRye Config, the unpacking and certificate libraries. No other room.
 *
 * <p>Must not: be imported by any room; be needed in production, where its libraries are absent
 * from the package and {@code mail.embedded.enabled} is false.
 *
 * <p>Laws:
 *
 * <ol>
 *   <li>What a kept data directory has acknowledged survives the death of this process and of the
 *       machine: fsync stays on.
 *   <li>No server outlives this process, however it ends; one that did all the same is stopped
 *       before its directory is used again. A server that ended alone is restarted on its port, a
 *       bounded number of times.
 *   <li>A process that reads none of the servers' settings starts no server.
 *   <li>One data directory, one process: a second one is refused.
 *   <li>Both servers listen on the loopback address only and require a password.
 * </ol>
 */
package io.postern.embedded;
