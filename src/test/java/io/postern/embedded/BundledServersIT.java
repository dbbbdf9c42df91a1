package io.postern.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The bundled servers of every test with the platform answer, and there is a certificate. */
@QuarkusTest
class BundledServersIT {

  private static final Duration SOON = Duration.ofSeconds(10);

  @Inject Pool database;
  @Inject ReactiveRedisDataSource redis;
  @Inject TlsConfigurationRegistry tls;

  @Test
  void textIsOrderedAlikeOnEveryMachine() {
    var row =
        database
            .query(
                "SELECT datlocprovider::text, datlocale FROM pg_database"
                    + " WHERE datname = current_database()")
            .execute()
            .await()
            .atMost(SOON)
            .iterator()
            .next();
    assertThat(row.getString(0)).isEqualTo("b");
    assertThat(row.getString(1)).isEqualTo("C.UTF-8");
  }

  @Test
  void redisAnswers() {
    var answer = redis.execute("PING").await().atMost(SOON);
    assertThat(answer.toString()).isEqualTo("PONG");
  }

  @Test
  void theCertificateIsInTheRegistry() throws Exception {
    var mail = tls.get("mail").orElseThrow();
    assertThat(mail.getKeyStore().size()).isEqualTo(1);
  }
}
