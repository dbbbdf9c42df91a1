/**
 * What a native executable does otherwise than the JVM, so that it starts fast and takes little
 * memory: methods of libraries that it would interpret, and pages that only its start needs.
 *
 * <p>Imports the annotations of the image's builder and nothing of ours. Must not change what
 * anything means: all tests of the JVM hold here, too.
 */
package io.postern.image;
