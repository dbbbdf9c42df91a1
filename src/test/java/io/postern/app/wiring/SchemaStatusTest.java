package io.postern.app.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The result of schema checks for calls before and after them. */
class SchemaStatusTest {
  private final SchemaStatus status = new SchemaStatus();
  private final RuntimeException why = new IllegalStateException("down");

  @Test
  void callsAfterAnUnreachableDatabaseWaitForTheNextCheck() {
    var before = status.check();
    status.markUnreachable(why);
    var after = status.check();
    assertThat(before.cause()).isSameAs(why);
    assertThat(after.isComplete()).isFalse();
    status.markCurrent();
    assertThat(after.succeeded()).isTrue();
    assertThat(status.check().succeeded()).isTrue();
  }

  @Test
  void callsBeforeAndAfterAnUnusableDatabaseFail() {
    var before = status.check();
    status.markUnusable(why);
    assertThat(before.cause()).isSameAs(why);
    assertThat(status.check().cause()).isSameAs(why);
    assertThat(status.whenCurrent().onFailure().recoverWithNull().await().indefinitely()).isNull();
  }
}
