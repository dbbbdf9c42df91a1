package io.postern.store.postgres.move;

import io.postern.store.move.MovedRows;

/**
 * The table of a kind of rows.
 *
 * @param name of the table, or of the view that has names in place of ids of other accounts
 * @param first expression of the key's first part, or the order of rows that are replaced
 * @param second expression of its second part
 * @param hash expression of the hash of a row {@code t}
 * @param batch how many rows are read at once: each may be large
 */
record MovedTable(String name, String first, String second, String hash, int batch) {
  private static final String WHOLE = "hashtextextended(t::text, 0)";

  static MovedTable of(MovedRows rows) {
    return switch (rows) {
      case CONTENT -> new MovedTable("content", "id", "0::bigint", "0::bigint", 10_000);
      case PAGE -> new MovedTable("mailbox_page", "mailbox", "page::bigint", WHOLE, 2_000);
      case RECOVERY -> new MovedTable("recovery", "id", "0::bigint", WHOLE, 2_000);
      case ACCOUNT -> replaced("account", "id", 1);
      case MAILBOX -> replaced("mailbox", "id", 1_000);
      case MAILBOX_STATE -> replaced("mailbox_state", "mailbox", 200);
      case SUBSCRIPTION -> replaced("subscription", "name", 1_000);
      case EXPUNGED -> replaced("expunged", "mailbox, mod_seq", 200);
      case MAILDROP_LOCK -> replaced("maildrop_lock", "mailbox", 1_000);
      case APP_PASSWORD -> replaced("app_password", "name", 1_000);
      case ACCOUNT_QUOTA -> replaced("account_quota", "account", 1);
      case MAILBOX_ACCESS -> replaced("named_mailbox_access", "mailbox, grantee_name", 1_000);
      case ANNOTATION -> replaced("named_annotation", "mailbox, viewer_name, entry", 32);
      case GRANT -> replaced("access_grant", "delegate", 1_000);
    };
  }

  private static MovedTable replaced(String name, String order, int batch) {
    return new MovedTable(name, order, "", "", batch);
  }

  /** The column of the account. */
  String account() {
    return switch (name) {
      case "account" -> "id";
      case "access_grant" -> "owner";
      default -> "account";
    };
  }
}
