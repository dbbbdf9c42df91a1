package io.postern.imap.spi;

import io.postern.auth.Identity;
import io.postern.auth.Login;
import io.postern.auth.Mechanisms;
import io.postern.config.Live;
import io.postern.imap.selected.UpdateMeter;
import io.postern.push.Hints;
import io.postern.site.Sites;
import io.postern.store.Annotations;
import io.postern.store.Blobs;
import io.postern.store.Mailboxes;
import io.postern.store.Messages;
import io.postern.store.account.AccessLists;
import io.postern.store.account.Quotas;
import io.postern.store.index.MailboxIndexes;
import io.postern.store.sharing.AcrossAccounts;
import io.postern.store.sharing.SharedMailboxes;
import io.postern.store.sharing.SharedMessages;
import java.util.function.Function;

/**
 * The services that a session uses beyond its connection.
 *
 * @param messages of all accounts, as they are stored
 * @param shown the messages as a user's settings show them
 */
public record ImapPorts(
    Mailboxes mailboxes,
    Messages messages,
    Blobs blobs,
    MailboxIndexes indexes,
    Hints hints,
    Quotas quotas,
    Annotations annotations,
    AccessLists lists,
    Login login,
    Mechanisms mechanisms,
    Live live,
    UpdateMeter meter,
    Function<Identity, Messages> shown,
    Sites sites) {
  /**
   * The services of a session of this user: the mailboxes of others are among their own, and
   * messages are shown as they want them.
   */
  public ImapPorts of(Identity identity) {
    var viewer = identity.account();
    var shared = new SharedMailboxes(mailboxes, lists, viewer);
    var theirs =
        new SharedMessages(
            shown.apply(identity), shared, new AcrossAccounts(messages, indexes), viewer);
    return new ImapPorts(
        shared,
        theirs,
        blobs,
        indexes,
        hints,
        quotas,
        annotations,
        lists,
        login,
        mechanisms,
        live,
        meter,
        shown,
        sites);
  }
}
