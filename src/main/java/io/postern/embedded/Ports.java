package io.postern.embedded;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds ports for servers whose port is set before they listen. The system gives ports of its
 * ephemeral range (from 32768 on Linux) to any connection at any moment, also between the choice
 * and the server's bind, so these are from below it. Safe for all threads.
 */
final class Ports {
  private static final int FIRST = 20_000;
  private static final int COUNT = 10_000;

  /** Begins anywhere, so that two processes that start at once rarely try the same port. */
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

  private Ports() {}

  /**
   * A port of the loopback address, 20000 to 29999, on which no process listens at this moment, and
   * that this process was not given before.
   *
   * @throws BindException if each of them is in use
   */
  static int free() throws IOException {
    for (int tries = 0; tries < COUNT; tries++) {
      int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
      if (isFree(port)) {
        return port;
      }
    }
    throw new BindException("all ports from " + FIRST + " to " + (FIRST + COUNT - 1) + " are used");
  }

  private static boolean isFree(int port) throws IOException {
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return true;
    } catch (BindException _) {
      return false;
    }
  }
}
