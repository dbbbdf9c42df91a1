package io.postern.admin.security;

/** The roles of administration, from the bootstrap token or a JSON Web Token's {@code groups}. */
public final class Roles {
  /** Full access. Exchange: Organization Management. */
  public static final String ADMIN = "mail-admin";

  /** Reads everything and changes what concerns servers. Exchange: Server Management. */
  public static final String SERVER_ADMIN = "mail-server-admin";

  /** Reads everything. Exchange: View-Only Organization Management. */
  public static final String VIEWER = "mail-viewer";

  private Roles() {}
}
