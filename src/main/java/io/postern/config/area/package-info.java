/**
 * The areas of the settings: an interface each, which holds its keys with their documentation,
 * defaults and bounds; and {@code Keys}, the registry that they declare them to.
 *
 * <p>Imports SmallRye Config, {@code model} and {@code config.net}.
 */
package io.postern.config.area;
