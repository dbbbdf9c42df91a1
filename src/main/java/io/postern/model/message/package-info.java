/**
 * What a message is, and how messages are selected: its flags, dates and columns; search criteria.
 *
 * <p>Holds immutable values only. Imports {@code model} and the JDK. Must not do I/O, know a
 * protocol's grammar, or hold anything nullable.
 *
 * <p>RFC 3501 §2.3 and §6.4.4, RFC 5322 §3.3.
 */
package io.postern.model.message;
