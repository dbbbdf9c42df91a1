/**
 * Calls between the stores of sites, and mail that is passed on, over HTTPS with certificates on
 * both sides.
 *
 * <p>Holds {@code TransferHandler}, which answers the calls of other sites; {@code TransferClient},
 * which makes them; {@code RemoteArrivals}, another site's store as moves see it; {@code
 * ArrivalCalls}, which answers for this site's store; and {@code TransferMessage}, what a request
 * or response holds. Imports {@code model}, {@code store.move}, {@code site} and {@code config}.
 * Must not know SQL, a mail protocol, nor the steps of a move.
 *
 * <p>Laws: both certificates must name a site before the first octet of a request is sent, or read.
 * A message is bounded; a site answers a bounded number of calls at a time; every call may be
 * repeated, and is not, when no response came: its caller decides.
 *
 * <p>RFC 9110, RFC 8446.
 */
package io.postern.site.transfer;
