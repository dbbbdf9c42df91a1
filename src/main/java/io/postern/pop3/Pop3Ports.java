package io.postern.pop3;

import io.postern.auth.Login;
import io.postern.auth.Mechanisms;
import io.postern.config.Live;
import io.postern.store.Blobs;
import io.postern.store.Mailboxes;
import io.postern.store.MaildropLocks;
import io.postern.store.Messages;
import io.postern.store.index.MailboxIndexes;

/** The services that all POP3 sessions of a node share. */
public record Pop3Ports(
    Mailboxes mailboxes,
    Messages messages,
    Blobs blobs,
    MailboxIndexes indexes,
    MaildropLocks locks,
    Login login,
    Mechanisms mechanisms,
    Live live,
    CommandLog log) {
  /** Receives every command that ended; must return quickly. */
  @FunctionalInterface
  public interface CommandLog {
    /** Ignores all commands. */
    CommandLog NONE = (verb, outcome, nanos) -> {};

    /**
     * Records that a command ended.
     *
     * @param verb in upper case, {@code ?} for an unknown one
     * @param outcome {@code ok}, {@code err}, or {@code broken} when it ended the connection
     * @param nanos how long it ran
     */
    void ran(String verb, String outcome, long nanos);
  }
}
