package io.postern.sessions;

import java.util.List;
import java.util.stream.Stream;

/** A server that runs scripts with extensions enabled that change the responses. */
interface VariantTarget extends Target {
  /** Puts these settings in force with all scripts, in place of those of the last call. */
  void always(Stream<String> settings);

  /** The UIDs of the messages in a mailbox now, by its object identifier; none if it is gone. */
  List<Long> uids(String mailbox);
}
