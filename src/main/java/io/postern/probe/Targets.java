package io.postern.probe;

import io.postern.model.MailProtocol;
import java.util.List;

/** The listeners of this server that clients connect to. May be called from any thread. */
@FunctionalInterface
public interface Targets {
  /**
   * A listener.
   *
   * @param host an address of this machine on which it accepts connections
   * @param port its bound port
   * @param implicitTls whether a connection begins with TLS
   */
  record Target(String host, int port, boolean implicitTls) {}

  /** The open listeners of a protocol, except those for load balancers. */
  List<Target> of(MailProtocol protocol);
}
