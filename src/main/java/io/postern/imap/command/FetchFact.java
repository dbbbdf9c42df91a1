package io.postern.imap.command;

import io.postern.imap.grammar.ResponseText;
import io.postern.imap.session.FetchItem;

/** The FETCH items that are written without reading the bytes (RFC 3501 §6.4.5, §7.4.2). */
enum FetchFact implements FetchItem {
  UID(Need.INFO),
  FLAGS(Need.INFO),
  INTERNALDATE(Need.INFO),
  RFC822_SIZE(Need.INFO),
  ENVELOPE(Need.CONTENT),
  BODY(Need.CONTENT),
  BODYSTRUCTURE(Need.CONTENT);

  private final Need need;

  FetchFact(Need need) {
    this.need = need;
  }

  @Override
  public Need need() {
    return need;
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
  public void write(Row row, ResponseText out) {
    switch (this) {
      case UID -> out.raw("UID ").number(row.info().uid().value());
      case FLAGS -> out.raw("FLAGS ").flags(row.info().flags(), row.keywords(), row.recent());
      case INTERNALDATE -> out.raw("INTERNALDATE ").internalDate(row.info().internalDate());
      case RFC822_SIZE -> out.raw("RFC822.SIZE ").number(row.info().size());
      case ENVELOPE -> out.raw("ENVELOPE ").raw(row.facts().envelope());
      case BODY -> out.raw("BODY ").raw(row.facts().body());
      case BODYSTRUCTURE -> out.raw("BODYSTRUCTURE ").raw(row.facts().bodyStructure());
    }
  }
}
