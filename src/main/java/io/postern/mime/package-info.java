/**
 * Reading messages (RFC 5322, 2045–2047, 2183, 2231): what IMAP says of a message's structure is
 * computed once, while its bytes flow in.
 *
 * <p>Holds the scanner that finds parts and their ranges, the wire forms of ENVELOPE and
 * BODYSTRUCTURE, sections, and header fields. Imports {@code model} and Vert.x buffers. Must not
 * know a protocol's session, the store, or throw at any input: broken mail has a structure too.
 *
 * <p>Laws: cost is linear in the octets and bounded in memory whatever they are; every range lies
 * within the message; the stored bytes are never changed. What clients are told is found in the
 * octets as they see them, with 0x80 for NUL (RFC 3501 §9: CHAR8).
 */
package io.postern.mime;
