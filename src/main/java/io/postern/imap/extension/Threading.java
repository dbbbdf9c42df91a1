package io.postern.imap.extension;

import io.postern.imap.command.ThreadMessages;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import java.util.List;

/** THREAD by subject and by references (RFC 5256). */
public final class Threading implements Extension {
  @Override
  public int rfc() {
    return 5256;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("THREAD=ORDEREDSUBJECT", "THREAD=REFERENCES");
  }

  @Override
  public List<Verb> verbs() {
    return List.of(ThreadMessages.THREAD, ThreadMessages.UID_THREAD);
  }
}
