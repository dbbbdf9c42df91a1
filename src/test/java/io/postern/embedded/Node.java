package io.postern.embedded;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;

/** A process with servers in a kept place, to be killed by a test. */
final class Node {

  /** Stands before the number of rows that the node knows to be kept. */
  static final String KEPT = "kept ";

  private Node() {}

  /** Starts the servers of the given directory, adds a row, says how many there are, and waits. */
  public static void main(String[] arguments) throws InterruptedException, SQLException {
    var settings = BundledServers.keptIn(Path.of(arguments[0]));
    try (var connection = connect(settings)) {
      System.out.println(KEPT + addRow(connection));
    }
    new CountDownLatch(1).await();
  }

  private static long addRow(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS told (what text)");
      statement.execute("INSERT INTO told VALUES ('OK')");
      try (var rows = statement.executeQuery("SELECT count(*) FROM told")) {
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
}
