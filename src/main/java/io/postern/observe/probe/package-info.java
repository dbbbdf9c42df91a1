/**
 * The results of the periodic probes, as meters and as health groups with the names of Exchange's
 * probes.
 *
 * <p>Imports {@code model} and {@code config}. Must not connect to anything: {@code app} runs the
 * probes, and records their results here.
 *
 * <p>Laws: a health check answers from the last result, at once. No result makes a replica unready.
 */
package io.postern.observe.probe;
