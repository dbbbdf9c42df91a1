/**
 * What a client is shown of a message when it is not shown the stored octets: another format of the
 * body, a link in place of a meeting request, a header without requests for receipts.
 *
 * <p>Holds {@code Renderer}, a pure function from the structure and the first octets of a message
 * to the segments of its rendition, and the conversions between formats of text. Imports {@code
 * model} and the rooms of {@code mime}. Must not know the store, a protocol, a thread or a clock.
 *
 * <p>Laws: the same message and the same options give the same octets, on every node and at any
 * time; only the body and the header are made anew, and every other part is a range of the stored
 * octets; signed and encrypted parts are never changed; what cannot be rendered is shown as stored;
 * cost and memory are linear in the octets examined, which are bounded; never fails at any input.
 *
 * <p>RFC 1896 (text/enriched), RFC 2045–2047, RFC 2387, RFC 8098 §2.1; MS-OXTNEF.
 */
package io.postern.render;
