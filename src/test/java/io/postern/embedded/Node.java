package io.postern.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process with servers and a persistent data directory, to be killed by a test. */
final class Node {

  /** Stands before the number of rows that the node knows to be kept. */
  static final String KEPT = "kept ";

  /** Stands before what Redis answers to PING. */
  static final String REDIS = "redis ";

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);
  private static final long BREATH = TimeUnit.MILLISECONDS.toNanos(50);

  private interface Question<T> {
    T ask() throws IOException, SQLException;
  }

  private Node() {}

  /**
   * Starts the servers of the given directory; then, and again for each line that it is sent, adds
   * a row, prints how many there are, and prints what Redis answers. It asks until a server
   * answers, for a minute at most: one that was killed is being started again.
   */
  public static void main(String[] arguments) throws Exception {
    var settings = BundledServers.persistent(Path.of(arguments[0]));
    var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    do {
      System.out.println(KEPT + answered(() -> addRow(settings)));
      System.out.println(REDIS + answered(() -> ping(settings)));
    } while (input.readLine() != null);
    Thread.currentThread().join();
  }

  private static <T> T answered(Question<T> question) throws IOException, SQLException {
    long end = System.nanoTime() + PATIENCE;
    while (true) {
      try {
        return question.ask();
      } catch (IOException | SQLException away) {
        if (System.nanoTime() - end > 0) {
          throw away;
        }
        System.err.println("not yet: " + away.getMessage());
        LockSupport.parkNanos(BREATH);
      }
    }
  }

  private static long addRow(Properties settings) throws SQLException {
    try (var connection = connect(settings);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS acknowledged (what text)");
      statement.execute("INSERT INTO acknowledged VALUES ('OK')");
      try (var rows = statement.executeQuery("SELECT count(*) FROM acknowledged")) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  private static Connection connect(Properties settings) throws SQLException {
    return DriverManager.getConnection(
        settings.getProperty("quarkus.datasource.jdbc.url"),
        settings.getProperty("quarkus.datasource.username"),
        settings.getProperty("quarkus.datasource.password"));
  }

  private static String ping(Properties settings) throws IOException {
    var address = URI.create(settings.getProperty("quarkus.redis.hosts"));
    try (var socket = new Socket(address.getHost(), address.getPort())) {
      var password = address.getUserInfo().substring(1);
      var asked = "AUTH " + password + "\r\nPING\r\n";
      socket.getOutputStream().write(asked.getBytes(StandardCharsets.US_ASCII));
      var answers =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      answers.readLine();
      var answer = answers.readLine();
      if (answer == null) {
        throw new IOException("Redis closed the connection");
      }
      return answer;
    }
  }
}
