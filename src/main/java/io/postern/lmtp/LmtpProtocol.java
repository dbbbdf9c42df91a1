package io.postern.lmtp;

import io.postern.config.Live;
import io.postern.wire.Connection;
import io.postern.wire.Protocol;

/** Runs LMTP sessions on a listener (RFC 2033). */
public final class LmtpProtocol implements Protocol {
  private final Live live;
  private final Delivery delivery;
  private final String ownName;
  private final CommandLog log;

  /** Receives every command that ended; must return quickly. */
  @FunctionalInterface
  public interface CommandLog {
    /** Ignores all commands. */
    CommandLog NONE = (verb, outcome, nanos) -> {};

    /**
     * Records that a command ended.
     *
     * @param verb in upper case, {@code ?} for an unknown one
     * @param outcome {@code ok}, {@code later} for a 4yz reply, {@code refused} for a 5yz one
     * @param nanos how long it ran
     */
    void ran(String verb, String outcome, long nanos);
  }

  /**
   * The protocol that all LMTP sessions of a node share.
   *
   * @param ownName the server's name when the settings give none
   */
  public LmtpProtocol(Live live, Delivery delivery, String ownName, CommandLog log) {
    this.live = live;
    this.delivery = delivery;
    this.ownName = ownName;
    this.log = log;
  }

  @Override
  public String name() {
    return "lmtp";
  }

  @Override
  public boolean literals() {
    return false;
  }

  @Override
  public Session open(Connection connection) {
    return new LmtpSession(connection, live, delivery, ownName, log);
  }
}
