package io.postern.pop3;

import io.postern.auth.Login;
import io.postern.auth.Mechanisms;
import io.postern.config.Live;
import io.postern.pop3.maildrop.KnownSizes;
import io.postern.pop3.maildrop.MaildropPorts;
import io.postern.store.Blobs;
import io.postern.store.MaildropLocks;
import io.postern.store.Messages;
import io.postern.store.index.MailboxIndexes;

/** The services that all POP3 sessions of a node share. */
public record Pop3Ports(
    Messages messages,
    Blobs blobs,
    MailboxIndexes indexes,
    MaildropLocks locks,
    KnownSizes sizes,
    Login login,
    Mechanisms mechanisms,
    Live live) {
  /** Those that opening a maildrop needs. */
  MaildropPorts maildrop() {
    return new MaildropPorts(messages, indexes, locks, sizes, live);
  }
}
