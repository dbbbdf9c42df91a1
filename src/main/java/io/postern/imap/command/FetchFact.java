package io.postern.imap.command;

import io.postern.imap.response.FetchData;
import io.postern.imap.spi.FetchItem;

/** The FETCH items that are sent without reading the bytes (RFC 3501 §6.4.5, §7.4.2). */
enum FetchFact implements FetchItem {
  UID,
  FLAGS,
  INTERNALDATE,
  RFC822_SIZE,
  ENVELOPE,
  BODY,
  BODYSTRUCTURE;

  @Override
  public Need need() {
    return switch (this) {
      case UID, FLAGS, INTERNALDATE, RFC822_SIZE -> Need.INDEX;
      case ENVELOPE, BODY, BODYSTRUCTURE -> Need.STRUCTURE;
    };
  }

  @Override
  public long octets(Row row) {
    return switch (this) {
      case UID, FLAGS, INTERNALDATE, RFC822_SIZE -> 0;
      case ENVELOPE -> row.facts().envelope().length();
      case BODY -> row.facts().body().length();
      case BODYSTRUCTURE -> row.facts().bodyStructure().length();
    };
  }

  @Override
  public FetchData data(Row row) {
    return switch (this) {
      case UID -> new FetchData.Numeric("UID", row.uid());
      case FLAGS -> new FetchData.FlagList(row.flags(), row.keywords(), row.recent());
      case INTERNALDATE -> new FetchData.Date("INTERNALDATE", row.entry().internalDate());
      case RFC822_SIZE -> new FetchData.Numeric("RFC822.SIZE", row.entry().size());
      case ENVELOPE -> new FetchData.Encoded("ENVELOPE", row.facts().envelope());
      case BODY -> new FetchData.Encoded("BODY", row.facts().body());
      case BODYSTRUCTURE -> new FetchData.Encoded("BODYSTRUCTURE", row.facts().bodyStructure());
    };
  }
}
