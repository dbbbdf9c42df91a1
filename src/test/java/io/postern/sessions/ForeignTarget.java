package io.postern.sessions;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that runs already: {@code -Dtarget=host:port}, {@code -Dpop3=port}, {@code -Dlmtp=port},
 * {@code -Daccounts=} a name with a {@code #} for the number, {@code -Dfirst=} the first number,
 * {@code -Dpassword=}. The accounts must be there, fresh, with the standard folders.
 */
final class ForeignTarget implements Target {
  private final String host;
  private final int port;
  private final String names;
  private final String password;
  private final AtomicInteger next;

  ForeignTarget(String address) {
    var colon = address.lastIndexOf(':');
    this.host = address.substring(0, colon);
    this.port = Integer.parseInt(address.substring(colon + 1));
    this.names = System.getProperty("accounts", "u#@example.test");
    this.password = System.getProperty("password", "secret");
    this.next = new AtomicInteger(Integer.getInteger("first", 0));
  }

  @Override
  public String host() {
    return host;
  }

  @Override
  public int imapPort() {
    return port;
  }

  @Override
  public int pop3Port() {
    return Integer.getInteger("pop3", 10110);
  }

  @Override
  public int lmtpPort() {
    return Integer.getInteger("lmtp", 10024);
  }

  @Override
  public Login account() {
    return new Login(names.replace("#", Integer.toString(next.getAndIncrement())), password);
  }

  @Override
  public void close() {}
}
