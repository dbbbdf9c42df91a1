/**
 * What may be set. {@code BootSettings} need a restart; everything else is in {@code LiveSettings},
 * and {@code Live} holds those in force now.
 *
 * <p>Imports SmallRye Config and nothing of ours. A key lives in exactly one mapping, its default,
 * bounds and documentation beside it.
 */
package io.postern.config;
