/**
 * The domain's value types: ids, numbers, names and mailboxes.
 *
 * <p>Holds immutable values only. Imports the JDK and nothing else. Must not do I/O, know a
 * protocol's grammar, or hold anything nullable. Numbers that must not be mixed up (a UID, a
 * mod-sequence, a mailbox id) are types of their own.
 *
 * <p>RFC 3501 §2.3, RFC 7162 §3, RFC 6154.
 */
package io.postern.model;
