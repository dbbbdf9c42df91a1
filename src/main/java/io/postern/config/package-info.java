/**
 * The settings. {@code BootSettings} need a restart; all others are in {@code LiveSettings}, and
 * {@code Live} holds those in force. The areas they consist of are in {@code config.area}.
 *
 * <p>Imports SmallRye Config, {@code model} and the rooms below it. A key is declared in exactly
 * one mapping, with its default, bounds and documentation beside it.
 *
 * <p>To add a key: add a method with {@code @WithDefault} and Javadoc (meaning, unit, {@code
 * Exchange: Name}) to its area's interface, and a line with its bounds to that interface's {@code
 * declare}; if it is hot, a scenario to the tests' {@code HotKeys}; then regenerate the reference
 * ({@code SettingsReferenceTest} says how). A new area is an interface in {@code config.area},
 * named in {@code LiveSettings} and {@code Bounds}.
 */
package io.postern.config;
