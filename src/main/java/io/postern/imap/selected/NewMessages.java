package io.postern.imap.selected;

import io.postern.model.NumberSet;

/** The messages of which data are sent behind EXISTS (RFC 5465 §5.2), by their UIDs. */
final class NewMessages {
  /** Messages that this session added itself, and of which EXISTS was not sent yet. */
  private NumberSet own = NumberSet.EMPTY;

  private NumberSet unsent = NumberSet.EMPTY;

  /** Records messages that the session adds itself: nothing is sent of them. */
  void added(NumberSet uids) {
    own = own.union(uids);
  }

  /**
   * Records that EXISTS was sent for these messages.
   *
   * @param wanted whether the client wants their data
   */
  void arrived(NumberSet uids, boolean wanted) {
    unsent = wanted ? unsent.union(uids.minus(own)) : NumberSet.EMPTY;
    own = NumberSet.EMPTY;
  }

  /** Those of which data are to be sent; some may be expunged. */
  NumberSet unsent() {
    return unsent;
  }

  /** Records that the data of these were sent. */
  void sent(NumberSet uids) {
    unsent = unsent.minus(uids);
  }
}
