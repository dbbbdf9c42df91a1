package io.postern.imap.session;

import io.postern.auth.Login;
import io.postern.auth.Mechanisms;
import io.postern.config.Live;
import io.postern.push.Hints;
import io.postern.store.Blobs;
import io.postern.store.Mailboxes;
import io.postern.store.Messages;
import io.postern.store.index.MailboxIndexes;

/** All that a session reaches beyond its connection. */
public record ImapPorts(
    Mailboxes mailboxes,
    Messages messages,
    Blobs blobs,
    MailboxIndexes indexes,
    Hints hints,
    Login login,
    Mechanisms mechanisms,
    Live live,
    CommandLog log) {
  /** Is told of every command that ended, and of what idling comes to; must be quick. */
  @FunctionalInterface
  public interface CommandLog {
    /** Nobody listens. */
    CommandLog NONE = (verb, outcome, nanos) -> {};

    /**
     * A command ended.
     *
     * @param verb as the catalogue names it, {@code ?} for an unknown one
     * @param outcome {@code ok}, {@code no}, {@code bad} or {@code broken}
     * @param nanos how long it ran
     */
    void ran(String verb, String outcome, long nanos);

    /** So many sessions more are idling; less when negative. */
    default void idling(int more) {}

    /**
     * A client that idles was told of a change.
     *
     * @param nanos since it was committed, by the clocks of both nodes
     */
    default void pushed(long nanos) {}

    /**
     * A client was told all that was new, or all but removals.
     *
     * @param modSeqs how many mod-sequences its view was behind
     */
    default void caughtUp(long modSeqs) {}
  }
}
