/**
 * What may be set. {@code BootSettings} need a restart; everything else is in {@code LiveSettings},
 * and {@code Live} holds those in force now.
 *
 * <p>Imports SmallRye Config and nothing of ours. A key lives in exactly one mapping, its default,
 * bounds and documentation beside it.
 *
 * <p>To add a key: a method with {@code @WithDefault} and Javadoc (meaning, unit, {@code Exchange:
 * Name}) in its area's interface, and a line in that interface's {@code declare}, which holds its
 * bounds; a scenario for it in the tests' {@code HotKeys}, if it is hot; then the reference written
 * anew ({@code SettingsReferenceTest} says how). A new area is an interface in a file of its own,
 * named in {@code LiveSettings} and {@code Bounds}.
 */
package io.postern.config;
