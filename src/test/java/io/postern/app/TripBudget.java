package io.postern.app;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What each command may cost the database: the trips (statements that are awaited one after
 * another; what is sent without awaiting an answer is one), the statements, and the transactions
 * that write, each of which is a flush to disk. {@link TripBudgetIT} measures the commands; the
 * operations guide shows the table.
 *
 * <p>A mailbox or message is cold when this replica has not read it since another replica stored
 * it, and warm after that.
 */
enum TripBudget {
  LOGIN("LOGIN with a password that was verified before", cost(1, 1, 0), aim(1, 0)),
  LOGIN_APP("LOGIN with an app password, used in the last hour", cost(1, 2, 0), aim(1, 0)),
  CAPABILITY("CAPABILITY", cost(0, 0, 0), aim(0, 0)),
  NOOP("NOOP", cost(1, 1, 0), aim(1, 0)),
  NOOP_ARRIVED("NOOP that finds a message, announced by another replica", cost(1, 2, 1), aim(1, 1)),
  CHECK("CHECK", cost(1, 1, 0), aim(1, 0)),
  STATUS("STATUS", cost(1, 1, 0), aim(1, 0)),
  LIST("LIST of all mailboxes", cost(1, 2, 0), aim(1, 0)),
  LIST_STATUS("LIST of all mailboxes with subscriptions and STATUS", cost(1, 5, 0), aim(1, 0)),
  SELECT_COLD("SELECT, cold", cost(1, 2, 1), aim(1, 1)),
  SELECT_WARM("SELECT, warm", cost(1, 2, 0), aim(1, 0)),
  SELECT_QRESYNC(
      "SELECT with the parameters of QRESYNC, warm, after expunges", cost(1, 2, 0), aim(1, 0)),
  EXAMINE("EXAMINE, warm", cost(1, 1, 0), aim(1, 0)),
  FETCH_FLAGS("FETCH FLAGS of 10", cost(0, 0, 0), aim(0, 0)),
  FETCH_ENVELOPE_COLD("FETCH ENVELOPE of 10, cold", cost(1, 1, 0), aim(1, 0)),
  FETCH_ENVELOPE_WARM("FETCH ENVELOPE of 10, warm", cost(0, 0, 0), aim(0, 0)),
  FETCH_BODY_COLD("FETCH BODY.PEEK[] of 4 KB, cold", cost(1, 1, 0), aim(1, 0)),
  FETCH_BODY_WARM("FETCH BODY.PEEK[] of 4 KB, warm", cost(0, 0, 0), aim(0, 0)),
  FETCH_BODY_SEEN("FETCH BODY[] of 4 KB, warm, which sets \\Seen", cost(1, 1, 1), aim(1, 1)),
  STORE_ONE("STORE of 1", cost(1, 1, 1), aim(1, 1)),
  STORE_MANY("STORE of 1,000", cost(1, 1, 1), aim(1, 1)),
  COPY("COPY of 10", cost(1, 1, 1), aim(1, 1)),
  MOVE("MOVE of 10", cost(1, 1, 1), aim(1, 1)),
  EXPUNGE("EXPUNGE of 10", cost(1, 1, 1), aim(1, 1)),
  APPEND_OTHER("APPEND of 4 KB to another mailbox", cost(1, 1, 1), aim(1, 1)),
  APPEND_SELECTED("APPEND of 4 KB to the selected mailbox", cost(1, 1, 1), aim(1, 1)),
  APPEND_LARGE("APPEND of 300 KB to a mailbox appended to before", cost(4, 4, 4), aim(4, 4)),
  SEARCH_FLAGS("SEARCH UNSEEN", cost(0, 0, 0), aim(0, 0)),
  SEARCH_SUBJECT_COLD("SEARCH SUBJECT among 10, cold", cost(1, 1, 0), aim(1, 0)),
  SEARCH_SUBJECT_WARM("SEARCH SUBJECT among 10, warm", cost(0, 0, 0), aim(0, 0)),
  PUSH_MESSAGE(
      "update of an idle session: a message from another replica", cost(1, 1, 0), aim(1, 0)),
  PUSH_FLAGS("update of an idle session: flags from another replica", cost(1, 1, 0), aim(1, 0)),
  NOTIFY("NOTIFY SET with STATUS of all mailboxes", cost(1, 5, 0), aim(1, 0)),
  PUSH_STATUS(
      "update of a session with NOTIFY: a message in another mailbox, from another replica",
      cost(1, 1, 0),
      aim(1, 0)),
  PUSH_NAME(
      "update of a session with NOTIFY: a mailbox made by another replica",
      cost(1, 5, 0),
      aim(1, 0)),
  PUSH_NAME_METADATA(
      "update of a session with NOTIFY of annotations, too: a mailbox made by another replica",
      cost(2, 6, 0),
      aim(1, 0)),
  PUSH_METADATA(
      "update of a session with NOTIFY: an annotation set by another replica",
      cost(1, 1, 0),
      aim(1, 0)),
  APPEND_WATCHED(
      "APPEND of 4 KB, a session of this replica idles in the mailbox", cost(1, 1, 1), aim(1, 1)),
  STORE_WATCHED(
      "STORE of 1, a session of this replica idles in the mailbox", cost(1, 1, 1), aim(1, 1)),
  LMTP_RECIPIENT("LMTP RCPT", cost(1, 1, 0), aim(1, 0)),
  LMTP_ONE("LMTP DATA of 4 KB for 1 recipient", cost(1, 1, 1), aim(1, 1)),
  LMTP_FIVE("LMTP DATA of 4 KB for 5 recipients", cost(6, 6, 6), aim(1, 5)),
  POP3_LOGIN("POP3 PASS, new messages", cost(4, 4, 1), aim(1, 1)),
  POP3_LOGIN_UNCHANGED("POP3 PASS, no new messages", cost(3, 3, 1), aim(1, 1)),
  POP3_RETR("POP3 RETR of 4 KB, the first", cost(1, 1, 0), aim(1, 0)),
  POP3_RETR_NEXT("POP3 RETR of 4 KB, the next", cost(0, 0, 0), aim(0, 0)),
  POP3_QUIT_UNCHANGED("POP3 QUIT without deletions", cost(1, 1, 1), aim(1, 1)),
  POP3_QUIT("POP3 QUIT with deletions", cost(1, 1, 1), aim(1, 1));

  /** What a command costs. */
  record Cost(int trips, int statements, int writes) {}

  /** What a command should cost. */
  record Aim(int trips, int writes) {}

  private final String command;
  private final int trips;
  private final int statements;
  private final int writes;
  private final int aimedTrips;
  private final int aimedWrites;

  TripBudget(String command, Cost cost, Aim aim) {
    this.command = command;
    trips = cost.trips;
    statements = cost.statements;
    writes = cost.writes;
    aimedTrips = aim.trips;
    aimedWrites = aim.writes;
  }

  private static Cost cost(int trips, int statements, int writes) {
    return new Cost(trips, statements, writes);
  }

  private static Aim aim(int trips, int writes) {
    return new Aim(trips, writes);
  }

  /** What it may cost. */
  Cost cost() {
    return new Cost(trips, statements, writes);
  }

  /** What it should cost. */
  Aim aim() {
    return new Aim(aimedTrips, aimedWrites);
  }

  /** Whether it is a bound only: how much of it runs at the same time varies. */
  boolean varies() {
    return this == LMTP_FIVE;
  }

  /** Whether a measurement is beyond it. */
  boolean exceeds(DatabaseTrips measured) {
    return measured.trips() > trips
        || measured.statements() > statements
        || measured.writes() > writes;
  }

  /** The table of the operations guide, line by line. */
  static List<String> table() {
    var lines = new ArrayList<>(List.of("| | trips | statements | writes |", "|---|---|---|---|"));
    Stream.of(values()).map(TripBudget::row).forEach(lines::add);
    return lines;
  }

  private String row() {
    return "| %s | %s | %d | %s |"
        .formatted(command, shown(trips, aimedTrips), statements, shown(writes, aimedWrites));
  }

  private static String shown(int cost, int aim) {
    return cost > aim ? "%d (aim: %d)".formatted(cost, aim) : Integer.toString(cost);
  }
}
