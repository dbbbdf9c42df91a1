package io.postern.pop3;

import io.postern.auth.Login;
import io.postern.auth.Sasl;
import io.postern.config.Live;
import io.postern.store.Blobs;
import io.postern.store.Mailboxes;
import io.postern.store.MaildropLocks;
import io.postern.store.Messages;
import io.postern.store.index.MailboxIndexes;
import java.util.List;

/**
 * What the sessions of a node share.
 *
 * @param mechanisms those that AUTH knows, the preferred first
 */
public record Pop3Ports(
    Mailboxes mailboxes,
    Messages messages,
    Blobs blobs,
    MailboxIndexes indexes,
    MaildropLocks locks,
    Login login,
    List<Sasl.Mechanism> mechanisms,
    Live live) {
  public Pop3Ports {
    mechanisms = List.copyOf(mechanisms);
  }
}
