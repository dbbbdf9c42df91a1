package io.postern.imap.spi;

import io.postern.auth.Identity;
import io.postern.auth.Login;
import io.postern.auth.Mechanisms;
import io.postern.config.Live;
import io.postern.imap.selected.UpdateMeter;
import io.postern.push.Hints;
import io.postern.site.Sites;
import io.postern.store.Blobs;
import io.postern.store.Mailboxes;
import io.postern.store.Messages;
import io.postern.store.account.Quotas;
import io.postern.store.index.MailboxIndexes;
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
    Login login,
    Mechanisms mechanisms,
    Live live,
    UpdateMeter meter,
    Function<Identity, Messages> shown,
    Sites sites) {
  /** Services that show all messages as they are stored. */
  public ImapPorts(
      Mailboxes mailboxes,
      Messages messages,
      Blobs blobs,
      MailboxIndexes indexes,
      Hints hints,
      Quotas quotas,
      Login login,
      Mechanisms mechanisms,
      Live live,
      UpdateMeter meter) {
    this(
        mailboxes,
        messages,
        blobs,
        indexes,
        hints,
        quotas,
        login,
        mechanisms,
        live,
        meter,
        _ -> messages,
        Sites.SINGLE);
  }

  /** The same of a single site. */
  public ImapPorts(
      Mailboxes mailboxes,
      Messages messages,
      Blobs blobs,
      MailboxIndexes indexes,
      Hints hints,
      Quotas quotas,
      Login login,
      Mechanisms mechanisms,
      Live live,
      UpdateMeter meter,
      Function<Identity, Messages> shown) {
    this(
        mailboxes,
        messages,
        blobs,
        indexes,
        hints,
        quotas,
        login,
        mechanisms,
        live,
        meter,
        shown,
        Sites.SINGLE);
  }

  /** The services of a session of this user. */
  public ImapPorts of(Identity identity) {
    var theirs = shown.apply(identity);
    return theirs == messages
        ? this
        : new ImapPorts(
            mailboxes,
            theirs,
            blobs,
            indexes,
            hints,
            quotas,
            login,
            mechanisms,
            live,
            meter,
            shown,
            sites);
  }
}
