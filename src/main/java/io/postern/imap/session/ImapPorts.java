package io.postern.imap.session;

import io.postern.auth.Login;
import io.postern.auth.Mechanisms;
import io.postern.config.Live;
import io.postern.push.Hints;
import io.postern.store.Blobs;
import io.postern.store.Mailboxes;
import io.postern.store.Messages;
import io.postern.store.index.MailboxIndexes;

/** The services that a session uses beyond its connection. */
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
  /** Receives every command that ended, and the events of IDLE; must return quickly. */
  @FunctionalInterface
  public interface CommandLog {
    /** Ignores all events. */
    CommandLog NONE = (verb, outcome, nanos) -> {};

    /**
     * Records that a command ended.
     *
     * @param verb as in the catalogue, {@code ?} for an unknown one
     * @param outcome {@code ok}, {@code no}, {@code bad} or {@code broken}
     * @param nanos how long it ran
     */
    void ran(String verb, String outcome, long nanos);

    /** Adds to the number of idling sessions; negative when sessions stop idling. */
    default void idling(int more) {}

    /**
     * Records that an idling client was sent a change.
     *
     * @param nanos since the change was committed, by the clocks of both nodes
     */
    default void pushed(long nanos) {}

    /**
     * Records that a client was sent all updates, or all but expunges.
     *
     * @param modSeqs how many mod-sequences its view was behind
     */
    default void caughtUp(long modSeqs) {}
  }
}
