/**
 * One IMAP client's life: its state, its turns, its view of the selected mailbox, and what it is
 * told (RFC 3501 §3, §5, §7).
 *
 * <p>Holds the machine ({@code ImapSession}), the kinds of command and outcome, what a command has
 * at hand ({@code CommandContext}), and what an extension may add. Imports {@code grammar}, {@code
 * wire}, {@code auth}, the store and push ports. Must not know any verb: verbs come from the
 * catalogue through {@code ExtensionRegistry}.
 *
 * <p>Laws: all of a session is touched on its connection's context only. One command at a time;
 * only {@code ImapSession} assigns the state. A client is told of removals only when the verb
 * allows it, so sequence numbers never move under a command. A command asks {@code
 * turn.updates().index(view, false)} once, and counts with that index to its end. What a command
 * changed itself it reports by {@code turn.wakeup().changed(mailbox, modSeq)} before it completes,
 * so that its own turn tells it; what it told itself it marks by {@code view.knows(modSeq)}.
 * Whatever writes more than a few lines does it through {@code reply.each} or awaits {@code
 * reply.room()}.
 */
package io.postern.imap.session;
