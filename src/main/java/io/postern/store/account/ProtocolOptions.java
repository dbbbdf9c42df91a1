package io.postern.store.account;

import io.postern.model.MailProtocol;
import io.postern.model.RetrievalOptions;

/**
 * How an account's messages are shown, for each protocol that shows messages.
 *
 * @param imap over IMAP
 * @param pop over POP3
 */
public record ProtocolOptions(RetrievalOptions imap, RetrievalOptions pop) {
  /** Those of a new account: the settings of the protocols decide. */
  public static final ProtocolOptions DEFAULTS =
      new ProtocolOptions(RetrievalOptions.DEFAULTS, RetrievalOptions.DEFAULTS);

  /** Those of a protocol; LMTP shows nothing. */
  public RetrievalOptions of(MailProtocol protocol) {
    return switch (protocol) {
      case IMAP -> imap;
      case POP3 -> pop;
      case LMTP -> RetrievalOptions.DEFAULTS;
    };
  }

  /**
   * The same with others for a protocol.
   *
   * @throws IllegalArgumentException for LMTP
   */
  public ProtocolOptions with(MailProtocol protocol, RetrievalOptions options) {
    return switch (protocol) {
      case IMAP -> new ProtocolOptions(options, pop);
      case POP3 -> new ProtocolOptions(imap, options);
      case LMTP -> throw new IllegalArgumentException("LMTP shows no messages");
    };
  }

  /** These, and those of the others for a protocol whose defaults are used here. */
  ProtocolOptions or(ProtocolOptions others) {
    return new ProtocolOptions(
        imap.useProtocolDefaults() ? others.imap : imap,
        pop.useProtocolDefaults() ? others.pop : pop);
  }
}
