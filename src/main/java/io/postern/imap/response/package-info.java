/**
 * Responses as data, and the one encoder that writes them (RFC 3501 §7).
 *
 * <p>Holds what the server can send: {@code Untagged} responses, {@code FetchData} items, {@code
 * StatusResponse}s and their {@code ResponseCode}s. {@code ResponseEncoder} knows what the client
 * enabled (CONDSTORE, QRESYNC, UIDONLY, UTF8=ACCEPT, IMAP4rev2) and writes them accordingly; {@code
 * ResponseWriter} appends them to the output buffer of the turn and waits for room. Imports {@code
 * grammar} for the text of names and dates, and {@code wire}. No other room writes response text.
 *
 * <p>Laws: a response is appended whole or not at all, except a FETCH response with streamed
 * octets, which aborts the connection when its octets fail. A writer is used on its connection's
 * context only.
 */
package io.postern.imap.response;
