/**
 * Settings that change while the server runs: a directory of files, read again every second.
 *
 * <p>Imports {@code config} and SmallRye Config. Must not know the users of the settings: {@code
 * Live} notifies them.
 *
 * <p>Laws: all files are applied or none; a read never mixes two versions; errors are reported
 * once, all together, and the settings in force stay.
 */
package io.postern.config.watch;
