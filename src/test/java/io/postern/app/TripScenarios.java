package io.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.UUID;

/**
 * The commands of the budget, each in the situation that its line names: given to one replica,
 * whose way to the database is measured, in mailboxes that another replica has filled.
 */
final class TripScenarios implements AutoCloseable {
  static final String USER = "u0@example.test";
  static final String APP_PASSWORD = "abcd-efgh-jkmn-pqrs-tuvw-xyz2";
  private static final String EVENTS = "(personal (MessageNew MessageExpunge MailboxName))";
  private static final String ANNOTATIONS = "(personal (MailboxMetadataChange))";
  private static final String NAMED = "(personal (MailboxName MailboxMetadataChange))";
  private static final int FEW = 10;
  private static final int MANY = 1_000;

  /** A message of 4 KB. */
  private static final String MESSAGE =
      "From: a@example.test\r\nSubject: A message of four kilobytes\r\n\r\n"
          + "Forty octets of text, their line end too.\r\n".repeat(90);

  /** What a scenario measures. */
  interface Step {
    void run() throws Exception;
  }

  /** Counts what a step costs. */
  interface Meter {
    DatabaseTrips of(Step step) throws Exception;
  }

  /** A change, and the response that a session gets for it. */
  private enum Change {
    MESSAGE(" EXISTS"),
    FLAGS(" FETCH ");

    private final String response;

    Change(String response) {
      this.response = response;
    }

    private String command(String mailbox, String sign) {
      return switch (this) {
        case MESSAGE -> append(mailbox);
        case FLAGS -> "STORE 1 " + sign + "FLAGS (\\Flagged)";
      };
    }
  }

  private final Packaged here;
  private final Packaged there;
  private final Meter meter;
  private final Peer writer;
  private final MaildropScenarios maildrop;

  /**
   * Two replicas on one database.
   *
   * @param here the one that is measured
   */
  TripScenarios(Packaged here, Packaged there, Meter meter) throws IOException {
    this.here = here;
    this.there = there;
    this.meter = meter;
    writer = session(there);
    maildrop = new MaildropScenarios(here, () -> deliverTwo(there), meter);
  }

  private static Peer session(Packaged server) throws IOException {
    return session(server, "secret");
  }

  private static Peer session(Packaged server, String password) throws IOException {
    var peer = new Peer(server.imap());
    peer.line();
    peer.command("LOGIN " + USER + " " + password);
    return peer;
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  /** Runs the scenario of a line once. */
  DatabaseTrips run(TripBudget line) throws Exception {
    return switch (line) {
      case LOGIN -> login("secret");
      case LOGIN_APP -> login(APP_PASSWORD);
      case CAPABILITY, NOOP, CHECK -> selected(0, line.name());
      case NOOP_ARRIVED -> arrived();
      case STATUS -> selected(0, "STATUS INBOX (MESSAGES UIDNEXT UNSEEN)");
      case LIST -> selected(0, "LIST \"\" *");
      case LIST_STATUS -> selected(0, "LIST \"\" * RETURN (SUBSCRIBED STATUS (UNSEEN))");
      case SELECT_COLD -> loggedIn("SELECT " + filled(FEW));
      case SELECT_WARM -> reopened("SELECT ");
      case SELECT_QRESYNC -> resynchronized();
      case EXAMINE -> reopened("EXAMINE ");
      case FETCH_FLAGS -> selected(FEW, "FETCH 1:* FLAGS");
      case FETCH_ENVELOPE_COLD -> selected(FEW, "FETCH 1:* ENVELOPE");
      case FETCH_ENVELOPE_WARM -> again(FEW, "FETCH 1:* ENVELOPE", "FETCH 1:* ENVELOPE");
      case FETCH_BODY_COLD -> selected(1, "FETCH 1 BODY.PEEK[]");
      case FETCH_BODY_WARM -> again(1, "FETCH 1 BODY.PEEK[]", "FETCH 1 BODY.PEEK[]");
      case FETCH_BODY_SEEN -> again(1, "FETCH 1 BODY.PEEK[]", "FETCH 1 BODY[]");
      case STORE_ONE -> selected(FEW, "STORE 1 +FLAGS (\\Flagged)");
      case STORE_MANY -> selected(MANY, "STORE 1:1000 +FLAGS (\\Flagged)");
      case COPY -> selected(FEW, "COPY 1:10 " + filled(0));
      case MOVE -> selected(FEW, "MOVE 1:10 " + filled(0));
      case EXPUNGE -> again(FEW, "STORE 1:10 +FLAGS (\\Deleted)", "EXPUNGE");
      case APPEND_OTHER -> selected(0, append(filled(0)));
      case APPEND_SELECTED, APPEND_LARGE -> appended(line == TripBudget.APPEND_LARGE);
      case SEARCH_FLAGS -> selected(FEW, "SEARCH UNSEEN");
      case SEARCH_SUBJECT_COLD -> selected(FEW, "SEARCH SUBJECT kilobytes");
      case SEARCH_SUBJECT_WARM -> indexed("SEARCH SUBJECT four", "SEARCH SUBJECT kilobytes");
      case PUSH_MESSAGE -> pushed(Change.MESSAGE);
      case PUSH_FLAGS -> pushed(Change.FLAGS);
      case APPEND_WATCHED -> watched(Change.MESSAGE);
      case STORE_WATCHED -> watched(Change.FLAGS);
      case LMTP_RECIPIENT -> recipient();
      case LMTP_ONE -> delivered(1);
      case LMTP_FIVE -> delivered(5);
      case NOTIFY, PUSH_STATUS, PUSH_NAME, PUSH_NAME_METADATA, PUSH_METADATA -> notified(line);
      default -> maildrop.run(line);
    };
  }

  private DatabaseTrips notified(TripBudget line) throws Exception {
    return switch (line) {
      case NOTIFY -> loggedIn("NOTIFY SET STATUS " + EVENTS);
      case PUSH_STATUS -> notified(EVENTS, append(filled(0)), "* STATUS ");
      case PUSH_METADATA ->
          notified(
              ANNOTATIONS,
              "SETMETADATA INBOX (/shared/comment \"" + UUID.randomUUID() + "\")",
              "* METADATA ");
      case PUSH_NAME_METADATA -> notified(NAMED, "CREATE T" + UUID.randomUUID(), "* LIST ");
      default -> notified(EVENTS, "CREATE T" + UUID.randomUUID(), "* LIST ");
    };
  }

  private static String append(String mailbox) {
    return "APPEND %s {%d+}\r\n%s".formatted(mailbox, MESSAGE.length(), MESSAGE);
  }

  /** A new mailbox with so many messages, of which the replica that is measured knows nothing. */
  private String filled(int messages) throws IOException {
    var name = "T" + UUID.randomUUID();
    writer.command("CREATE " + name);
    for (int n = 0; n < Math.min(messages, FEW); n++) {
      writer.command(append(name));
    }
    if (messages > FEW) {
      writer.command("SELECT " + name);
      for (int n = FEW; n < messages; n += FEW) {
        writer.command("COPY 1:" + FEW + " " + name);
      }
      writer.command("UNSELECT");
    }
    return name;
  }

  private DatabaseTrips login(String password) throws Exception {
    session(here, password).close();
    try (var peer = new Peer(here.imap())) {
      peer.line();
      return meter.of(() -> peer.command("LOGIN " + USER + " " + password));
    }
  }

  /**
   * The other session gets an update by the same hint: when it does, this one has had it, too, or
   * soon.
   */
  private DatabaseTrips arrived() throws Exception {
    var mailbox = filled(1);
    try (var peer = session(here);
        var idle = session(here)) {
      peer.command("SELECT " + mailbox);
      idle(idle, mailbox);
      writer.command(append(mailbox));
      awaitUpdate(idle, Change.MESSAGE);
      return meter.of(() -> assertThat(peer.command("NOOP")).contains(" EXISTS", " RECENT"));
    }
  }

  /** The replica has the mailbox in memory, as it was when the client left and as it is now. */
  private DatabaseTrips resynchronized() throws Exception {
    try (var peer = session(here)) {
      var mailbox = filled(FEW);
      peer.command("ENABLE QRESYNC");
      var selected = peer.command("SELECT " + mailbox);
      peer.command("UID STORE 1:4 +FLAGS (\\Deleted)");
      peer.command("UID EXPUNGE 1:4");
      peer.command("UNSELECT");
      var parameters =
          " (QRESYNC (%s %s))"
              .formatted(number(selected, "UIDVALIDITY"), number(selected, "HIGHESTMODSEQ"));
      return meter.of(
          () ->
              assertThat(peer.command("SELECT " + mailbox + parameters))
                  .contains("VANISHED (EARLIER) 1:4"));
    }
  }

  private static String number(String answers, String code) {
    return answers.replaceAll("(?s).*\\[" + code + " ([0-9]+)\\].*", "$1");
  }

  private DatabaseTrips loggedIn(String command) throws Exception {
    try (var peer = session(here)) {
      return meter.of(() -> peer.command(command));
    }
  }

  /** In a mailbox of so many messages, selected a moment before. */
  private DatabaseTrips selected(int messages, String command) throws Exception {
    try (var peer = session(here)) {
      peer.command("SELECT " + filled(messages));
      return meter.of(() -> peer.command(command));
    }
  }

  /** The same, behind another command. */
  private DatabaseTrips again(int messages, String before, String command) throws Exception {
    try (var peer = session(here)) {
      peer.command("SELECT " + filled(messages));
      peer.command(before);
      return meter.of(() -> peer.command(command));
    }
  }

  /** Behind another search, which is repeated until what it reads is indexed and in memory. */
  private DatabaseTrips indexed(String before, String command) throws Exception {
    try (var peer = session(here)) {
      peer.command("SELECT " + filled(FEW));
      var search = meter.of(() -> peer.command(before));
      while (search.trips() > 0) {
        search = meter.of(() -> peer.command(before));
      }
      return meter.of(() -> peer.command(command));
    }
  }

  private DatabaseTrips reopened(String verb) throws Exception {
    try (var peer = session(here)) {
      var mailbox = filled(FEW);
      peer.command("SELECT " + mailbox);
      peer.command("UNSELECT");
      return meter.of(() -> peer.command(verb + mailbox));
    }
  }

  private DatabaseTrips appendToSelected() throws Exception {
    try (var peer = session(here)) {
      var mailbox = filled(1);
      peer.command("SELECT " + mailbox);
      return meter.of(() -> peer.command(append(mailbox)));
    }
  }

  private DatabaseTrips appended(boolean large) throws Exception {
    return large ? appendLarge() : appendToSelected();
  }

  /** To a mailbox that messages were appended to before, which need not be looked up. */
  private DatabaseTrips appendLarge() throws Exception {
    var mailbox = filled(0);
    var text = "Subject: large\r\n\r\n" + ("x".repeat(98) + "\r\n").repeat(3_000);
    try (var peer = session(here)) {
      peer.command(append(mailbox));
      return meter.of(
          () -> peer.command("APPEND %s {%d+}\r\n%s".formatted(mailbox, text.length(), text)));
    }
  }

  /** What another replica wrote itself does not count. */
  private DatabaseTrips pushed(Change change) throws Exception {
    var mailbox = filled(1);
    try (var other = session(there);
        var idle = session(here)) {
      if (change == Change.FLAGS) {
        other.command("SELECT " + mailbox);
      }
      other.command(change.command(mailbox, "+"));
      idle(idle, mailbox);
      var all =
          meter.of(
              () -> {
                other.command(change.command(mailbox, "-"));
                awaitUpdate(idle, change);
              });
      // The change itself is one, as the lines of APPEND and STORE say.
      return all.writing(-1);
    }
  }

  /** What another replica wrote itself does not count. */
  private DatabaseTrips notified(String events, String command, String heard) throws Exception {
    try (var other = session(there);
        var peer = session(here)) {
      peer.command("NOTIFY SET " + events);
      var all =
          meter.of(
              () -> {
                other.command(command);
                peer.until(heard);
              });
      return all.writing(-1);
    }
  }

  private DatabaseTrips watched(Change change) throws Exception {
    var mailbox = filled(1);
    try (var peer = session(here);
        var idle = session(here)) {
      if (change == Change.FLAGS) {
        peer.command("SELECT " + mailbox);
      }
      idle(idle, mailbox);
      return meter.of(
          () -> {
            peer.command(change.command(mailbox, "+"));
            awaitUpdate(idle, change);
          });
    }
  }

  private static void idle(Peer peer, String mailbox) throws IOException {
    peer.command("SELECT " + mailbox);
    peer.send("i IDLE");
    peer.until("+ ");
  }

  private static void awaitUpdate(Peer idle, Change change) throws IOException {
    while (!idle.until("* ").contains(change.response)) {
      // RECENT, or that the server still lives.
    }
  }

  private static Peer delivering(Packaged server) throws IOException {
    var peer = new Peer(server.lmtp());
    peer.line();
    peer.say("LHLO client.example.test");
    peer.say("MAIL FROM:<sender@example.test>");
    return peer;
  }

  private static void recipient(Peer peer, String name) throws IOException {
    assertThat(peer.say("RCPT TO:<" + name + ">").getFirst()).startsWith("250 ");
  }

  private DatabaseTrips recipient() throws Exception {
    try (var peer = delivering(here)) {
      return meter.of(() -> recipient(peer, "u1@example.test"));
    }
  }

  private DatabaseTrips delivered(int recipients) throws Exception {
    try (var peer = delivering(here)) {
      for (int n = 1; n <= recipients; n++) {
        recipient(peer, "u" + n + "@example.test");
      }
      peer.say("DATA");
      return meter.of(() -> message(peer, recipients));
    }
  }

  private static void deliverTwo(Packaged server) throws IOException {
    for (int n = 0; n < 2; n++) {
      try (var peer = delivering(server)) {
        recipient(peer, MaildropScenarios.READER);
        peer.say("DATA");
        message(peer, 1);
      }
    }
  }

  private static void message(Peer peer, int recipients) throws IOException {
    peer.send(MESSAGE + ".");
    for (int n = 0; n < recipients; n++) {
      assertThat(peer.line()).startsWith("250 ");
    }
  }
}
