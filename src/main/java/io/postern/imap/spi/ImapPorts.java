package io.postern.imap.spi;

import io.postern.auth.Login;
import io.postern.auth.Mechanisms;
import io.postern.config.Live;
import io.postern.imap.selected.UpdateMeter;
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
  /** Receives every command that ended, and the events of updates; must return quickly. */
  @FunctionalInterface
  public interface CommandLog extends UpdateMeter {
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
  }
}
