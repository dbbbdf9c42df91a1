package io.postern.pop3;

import io.postern.auth.Identity;
import io.postern.auth.Login;
import io.postern.auth.Mechanisms;
import io.postern.config.Live;
import io.postern.pop3.maildrop.KnownSizes;
import io.postern.pop3.maildrop.MaildropPorts;
import io.postern.site.Sites;
import io.postern.store.Blobs;
import io.postern.store.MaildropLocks;
import io.postern.store.Messages;
import io.postern.store.index.MailboxIndexes;
import java.util.function.Function;

/**
 * The services that all POP3 sessions of a node share.
 *
 * @param messages of all accounts, as they are stored
 * @param shown the messages as a user's settings show them
 */
public record Pop3Ports(
    Messages messages,
    Blobs blobs,
    MailboxIndexes indexes,
    MaildropLocks locks,
    KnownSizes sizes,
    Login login,
    Mechanisms mechanisms,
    Live live,
    Function<Identity, Messages> shown,
    Sites sites) {
  /** The services of a session of this user. */
  Pop3Ports of(Identity identity) {
    var theirs = shown.apply(identity);
    return theirs == messages
        ? this
        : new Pop3Ports(
            theirs, blobs, indexes, locks, sizes, login, mechanisms, live, shown, sites);
  }

  /** Those that opening a maildrop needs. */
  MaildropPorts maildrop() {
    return new MaildropPorts(messages, indexes, locks, sizes, live);
  }
}
