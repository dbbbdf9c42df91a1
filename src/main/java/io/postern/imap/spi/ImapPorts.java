package io.postern.imap.spi;

import io.postern.auth.Login;
import io.postern.auth.Mechanisms;
import io.postern.config.Live;
import io.postern.imap.selected.UpdateMeter;
import io.postern.push.Hints;
import io.postern.store.Blobs;
import io.postern.store.Mailboxes;
import io.postern.store.Messages;
import io.postern.store.account.Quotas;
import io.postern.store.index.MailboxIndexes;

/** The services that a session uses beyond its connection. */
public record ImapPorts(
    Mailboxes mailboxes,
    Messages messages,
    Blobs blobs,
    MailboxIndexes indexes,
    Hints hints,
    Quotas quotas,
    Login login,
    Mechanisms mechanisms,
    Live live,
    UpdateMeter meter) {}
