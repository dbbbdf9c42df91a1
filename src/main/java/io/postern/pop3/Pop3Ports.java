package io.postern.pop3;

import io.postern.auth.Login;
import io.postern.auth.Mechanisms;
import io.postern.config.Live;
import io.postern.store.Blobs;
import io.postern.store.Mailboxes;
import io.postern.store.MaildropLocks;
import io.postern.store.Messages;
import io.postern.store.index.MailboxIndexes;

/** What the sessions of a node share. */
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
  /** Is told of every command that ended; must be quick. */
  @FunctionalInterface
  public interface CommandLog {
    /** Nobody listens. */
    CommandLog NONE = (verb, outcome, nanos) -> {};

    /**
     * A command ended.
     *
     * @param verb in upper case, {@code ?} for what is none
     * @param outcome {@code ok}, {@code err}, or {@code broken} when it ended the connection
     * @param nanos how long it ran
     */
    void ran(String verb, String outcome, long nanos);
  }
}
