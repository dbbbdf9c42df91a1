package io.postern.store.postgres.account;

import io.postern.model.CalendarFormat;
import io.postern.model.MimeFormat;
import io.postern.model.RetrievalOptions;
import jakarta.persistence.Embeddable;

/** The columns of {@link RetrievalOptions}, numbered as in Exchange. */
@Embeddable
class RetrievalColumns {
  boolean useDefaults;
  short mimeFormat;
  short calendarFormat;
  boolean suppressReadReceipt;
  boolean forceICal;

  /** For Hibernate. */
  protected RetrievalColumns() {}

  RetrievalColumns(RetrievalOptions options) {
    useDefaults = options.useProtocolDefaults();
    mimeFormat = (short) options.mimeFormat().ordinal();
    calendarFormat = (short) options.calendarFormat().ordinal();
    suppressReadReceipt = options.suppressReadReceipt();
    forceICal = options.forceICal();
  }

  RetrievalOptions options() {
    return new RetrievalOptions(
        useDefaults,
        MimeFormat.BY_NUMBER.get(mimeFormat),
        CalendarFormat.values()[calendarFormat],
        suppressReadReceipt,
        forceICal);
  }
}
