/**
 * Substitutions that make a native executable start fast and use little memory: for methods of
 * libraries that it would interpret, for pages that only its start needs, and for what uses a
 * library that it lacks.
 *
 * <p>Imports the annotations of the image's builder and no other room. Must not change any
 * behaviour: all tests of the JVM apply here, too.
 */
package io.postern.image;
