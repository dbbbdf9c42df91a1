package io.postern.imap.command;

/**
 * What one SEARCH may spend: octets looked through times texts looked for. Not for several threads.
 */
final class SearchBudget {
  private final long allowed;
  private final int texts;
  private long spent;

  /**
   * @param allowed octets times texts
   * @param texts how many the program looks for
   */
  SearchBudget(long allowed, int texts) {
    this.allowed = allowed;
    this.texts = texts;
  }

  /**
   * Octets are looked through.
   *
   * @throws Exceeded when that is more than is allowed
   */
  void spend(int octets) {
    spent += (long) octets * texts;
    if (spent > allowed) {
      throw new Exceeded(
          "A search may look through " + allowed + " octets times texts; please search for less.");
    }
  }

  /** The search costs more than is allowed. */
  static final class Exceeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String text;

    Exceeded(String text) {
      super(text, null, false, false);
      this.text = text;
    }

    /** What is allowed, for people. */
    String text() {
      return text;
    }
  }
}
