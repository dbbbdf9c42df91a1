/**
 * Settings that change while the server runs: a directory of files, read again every second.
 *
 * <p>Imports {@code config} and SmallRye Config. Must not know who uses the settings: {@code Live}
 * tells them.
 *
 * <p>Laws: all files are taken or none; what was read is never a mix of two versions; what is wrong
 * is told once, with all of its reasons, and the settings in force stay.
 */
package io.postern.config.watch;
