/**
 * The contents of an account in PostgreSQL: bytes, parsed facts and headers.
 *
 * <p>Holds the statements that store contents and read them, and the computation of sizes with CRLF
 * for contents of an older version. Imports {@code model}, {@code mime}, {@code mime.search}, the
 * store ports and {@code tx}. Must not use Hibernate, nor know a mailbox or where a message is.
 *
 * <p>Laws: those of {@code store.postgres}. A content is written once and never changed, except for
 * facts that an older version did not compute.
 */
package io.postern.store.postgres.content;
