package io.postern.imap.command;

import io.postern.imap.spi.CommandContext;
import io.postern.imap.state.Outcome;

/** The cost limit of one SEARCH: octets scanned times texts searched for. Not thread-safe. */
final class SearchBudget {
  private final long allowed;
  private long texts;
  private long spent;

  /**
   * @param allowed octets times texts
   * @param texts how many the program searches for
   */
  SearchBudget(long allowed, long texts) {
    this.allowed = allowed;
    this.texts = texts;
  }

  /** The budget of one command, by the settings. */
  static SearchBudget of(CommandContext context) {
    return new SearchBudget(context.ports().live().now().imap().searchBudget().asLongValue(), 1);
  }

  /** The same budget, less what is spent of it, for a program with so many texts. */
  SearchBudget of(long number) {
    texts = number;
    return this;
  }

  /**
   * Charges scanned octets.
   *
   * @throws Exceeded when the cost is more than is allowed
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

    private final transient Outcome.No outcome;

    Exceeded(String text) {
      this(Outcome.no("LIMIT", text));
    }

    Exceeded(Outcome.No outcome) {
      super(outcome.text(), null, false, false);
      this.outcome = outcome;
    }

    /** How the command ends. */
    Outcome.No outcome() {
      return outcome;
    }
  }
}
