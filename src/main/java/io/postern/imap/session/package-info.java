/**
 * One IMAP client's session: its state, its commands, its view of the selected mailbox, and the
 * updates sent to it (RFC 3501 §3, §5, §7).
 *
 * <p>Holds the state machine ({@code ImapSession}), the kinds of command and outcome, what a
 * command may use ({@code CommandContext}), and what an extension may add. Imports {@code grammar},
 * {@code wire}, {@code auth}, the store and push ports. Must not know any verb: verbs come from the
 * catalogue through {@code ExtensionRegistry}.
 *
 * <p>Laws: a session is used only on its connection's context. It runs one command at a time; only
 * {@code ImapSession} assigns the state. Expunges are sent only when the verb allows it, so
 * sequence numbers never change under a command. A command calls {@code
 * context.updates().index(view, false)} once, and counts with that index to its end. It reports its
 * own changes by {@code context.listener().changed(mailbox, modSeq)} before it completes, so that
 * its own updates include them; changes it has sent itself it marks by {@code view.knows(modSeq)}.
 * A command that writes more than a few lines uses {@code reply.each} or awaits {@code
 * reply.room()}.
 */
package io.postern.imap.session;
