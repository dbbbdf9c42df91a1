/**
 * What commands and extensions are written against: the kinds of command, and the points at which
 * an extension adds to the protocol.
 *
 * <p>Holds {@code Command}, what a command may use ({@code CommandContext}), and {@code Extension}
 * with what it can add: verbs, FETCH items, SEARCH keys and return options, STATUS items, LIST
 * options, parameters of SELECT and CREATE, codes of SELECT, modifiers of FETCH and STORE, data and
 * options of APPEND, markers in message sets, and what ENABLE switches on. Imports {@code grammar},
 * {@code response}, {@code selected}, {@code state}, {@code wire}, {@code auth}, {@code
 * site.Sites}, the store and push ports, and {@code store.sharing}. Knows no verb.
 *
 * <p>References lead one way: what an extension adds knows the context, and the context knows of
 * extensions only what they do together ({@code Extensions}). {@code ExtensionRegistry} indexes all
 * that they add; parsers of commands are given it.
 *
 * <p>Laws: a command calls {@code context.updates().index(view, false)} once, and counts with that
 * index to its end. It reports its own changes by {@code context.listener().changed(mailbox,
 * modSeq)} before it completes, so that its own updates include them; changes it has sent itself it
 * marks by {@code view.knows(modSeq)}. What giving a command enables is on before it runs. A
 * command that compares or sends sizes takes them from {@code messages().shownSizes} where {@code
 * messages().renders()}, and from the index elsewhere. A command that sends more than a few lines
 * uses {@code reply.each} or awaits {@code reply.room()}.
 */
package io.postern.imap.spi;
