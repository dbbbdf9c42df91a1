package io.postern.admin.security;

/** The roles of administration: of the bootstrap token, or a JSON Web Token's {@code groups}. */
public final class Roles {
  /** May do everything. Exchange: Organization Management. */
  public static final String ADMIN = "mail-admin";

  /** May see everything, and change what concerns servers. Exchange: Server Management. */
  public static final String SERVER_ADMIN = "mail-server-admin";

  /** May see everything. Exchange: View-Only Organization Management. */
  public static final String VIEWER = "mail-viewer";

  private Roles() {}
}
