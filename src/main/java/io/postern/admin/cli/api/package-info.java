/**
 * The administration API as the command line calls it: JSON, lists page by page, octets of
 * messages, and a mailbox for import and export.
 *
 * <p>Holds {@code AdminApi}, {@code ApiMailbox} and {@code CommandFailure}. Imports {@code
 * transfer} (the mailbox that import and export see) and the JDK's HTTP client; blocks. Must not
 * know the commands, nor how their results are printed.
 *
 * <p>Laws: a path segment is encoded and never leads to another resource; the token is in no error.
 *
 * <p>RFC 9110, RFC 9457.
 */
package io.postern.admin.cli.api;
