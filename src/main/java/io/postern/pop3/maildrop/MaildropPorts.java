package io.postern.pop3.maildrop;

import io.postern.config.Live;
import io.postern.store.MaildropLocks;
import io.postern.store.Messages;
import io.postern.store.index.MailboxIndexes;

/** The services that opening a maildrop needs; all sessions of a node share them. */
public record MaildropPorts(
    Messages messages, MailboxIndexes indexes, MaildropLocks locks, KnownSizes sizes, Live live) {}
