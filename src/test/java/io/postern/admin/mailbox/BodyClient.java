package io.postern.admin.mailbox;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** A client that sends requests of 1000 octets in pieces, and the server that takes them. */
final class BodyClient implements AutoCloseable {
  /** Announces 1000 octets. */
  static final String HEAD = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n";

  private static final int SOON_SECONDS = 60;

  private final Socket socket;
  private final BufferedReader reader;

  /** Starts a server that runs the handler, and connects to it. */
  BodyClient(Vertx vertx, Handler<HttpServerRequest> handler) throws Exception {
    var server =
        vertx
            .createHttpServer()
            .requestHandler(handler)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(SOON_SECONDS, TimeUnit.SECONDS);
    socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
    socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(SOON_SECONDS));
    reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    socket.getOutputStream().flush();
  }

  /** The status line of an answer without a body; what is left of its head is read. */
  String answer() throws IOException {
    var status = line();
    while (!line().isEmpty()) {
      // the next line of the head
    }
    return status;
  }

  private String line() throws IOException {
    var line = reader.readLine();
    if (line == null) {
      throw new EOFException("the server closed the connection");
    }
    return line;
  }

  /** Whether the server closed the connection after the last answer. */
  boolean isClosed() throws IOException {
    return reader.readLine() == null;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
