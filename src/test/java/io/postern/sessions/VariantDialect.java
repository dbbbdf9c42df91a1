package io.postern.sessions;

import static io.postern.sessions.ResponseSyntax.word;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.postern.imap.response.EnabledExtensions;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A client that enables the extensions of a variant after each login, and names messages by UID
 * where these allow nothing else. It checks each response, and reads it as the script expects it.
 */
final class VariantDialect implements Dialect {
  private final Variant variant;
  private final VariantRun run;
  private final boolean disables;
  private final boolean probes;
  private final OpenedMailbox mailbox;
  private final Map<String, SentCommand> sent = new HashMap<>();
  private final Deque<SentCommand> running = new ArrayDeque<>();

  /** What the script enabled, and that together with what the variant enabled. */
  private EnabledExtensions own = EnabledExtensions.NONE;

  private EnabledExtensions all = EnabledExtensions.NONE;
  private boolean due;

  /** The answer to the last command with sequence numbers that was also sent as it stands. */
  private String refusal = "";

  /** The code that left its place at the end of a command for another. */
  private Optional<Answer> movedCode = Optional.empty();

  VariantDialect(Script script, VariantRun run, Function<String, List<Long>> mailboxUids) {
    this.variant = run.variant();
    this.run = run;
    this.disables = script.settings().toString().contains("disabled-capabilities");
    this.probes = !script.settings().toString().contains("max-protocol-errors");
    this.mailbox = new OpenedMailbox(mailboxUids);
  }

  @Override
  public void loggedIn(ScriptClient client) throws IOException {
    due = true;
    beforeLine(client);
  }

  @Override
  public void beforeLine(ScriptClient client) throws IOException {
    if (!due || client.unsent()) {
      return;
    }
    due = false;
    var answers = client.exchanged("enable", "ENABLE " + String.join(" ", variant.names()));
    var names = List.of(answers.getFirst().split(" ", -1));
    if (!answers.getFirst().startsWith("* ENABLED") || answers.size() != 2) {
      throw new AssertionError("ENABLE was answered " + answers);
    }
    assumeTrue(!disables || names.containsAll(variant.names()), Variant.DISABLED);
    if (!names.containsAll(variant.names())) {
      throw new AssertionError("ENABLE was answered " + answers);
    }
    all = own.with(capitals(variant.names()));
    run.enabled();
  }

  private static Set<String> capitals(List<String> names) {
    return names.stream().map(name -> name.toUpperCase(Locale.ROOT)).collect(Collectors.toSet());
  }

  private boolean enabled() {
    return !all.equals(own);
  }

  @Override
  public String line(ScriptClient client, String line, boolean whole) throws IOException {
    if (!line.matches("(?s)[^ ]+ [A-Za-z].*")) {
      return line;
    }
    var command = SentCommand.of(line);
    var translated =
        all.uidOnly() && !own.uidOnly()
            ? new UidTranslation(mailbox.known()).of(command)
            : Optional.<String>empty();
    refusal = "";
    if (translated.isPresent() && whole && probes && !client.unsent() && running.isEmpty()) {
      sendAsItStands(client, line);
    }
    var now = translated.isPresent() ? command.asTranslated() : command;
    sent.put(command.tag(), now);
    running.add(now);
    return translated.orElse(line);
  }

  /** RFC 9586 §3: the command with sequence numbers is refused. */
  private void sendAsItStands(ScriptClient client, String line) throws IOException {
    var answers = client.exchanged("numbers", line.split(" ", 2)[1]);
    refusal = answers.removeLast();
    client.keep(answers);
    run.refused();
  }

  private SentCommand now() {
    return running.isEmpty() ? SentCommand.NONE : running.peek();
  }

  @Override
  public List<Answer> read(String raw) {
    try {
      return raw.startsWith("* ") ? untagged(raw) : List.of(ended(Answer.parse(raw)));
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(e.getMessage() + ": " + raw, e);
    }
  }

  private List<Answer> untagged(String raw) {
    var answer = Answer.parse(raw);
    if (answer.data() instanceof Node.Row(var status)
        && status.getFirst() instanceof Node.Word(var condition)
        && Set.of("OK", "NO", "BAD", "BYE", "PREAUTH").contains(condition)) {
      code(answer);
      return List.of(answer);
    }
    var text = raw.substring(2);
    ResponseSyntax.check(text, all.utf8());
    var fields = NodeParser.fields(text);
    new VariantRules(all, uidWanted()).check(fields, now());
    if (word(fields.getFirst()).equals("ENABLED")) {
      var names = fields.stream().skip(1).map(ResponseSyntax::word).collect(Collectors.toSet());
      all = all.with(names);
      own = own.with(requested(names));
      return List.of();
    }
    return new PlainForm(own, all, mailbox, sent)
        .of(fields, now()).stream()
            .map(it -> new Answer(raw, "*", Canonical.of(it), "", false))
            .toList();
  }

  /** What the running ENABLE enables: what is new, and what the variant had enabled before. */
  private Set<String> requested(Set<String> news) {
    var requested = new TreeSet<>(news);
    Arrays.stream(now().text().toUpperCase(Locale.ROOT).split(" ", -1))
        .filter(all.names()::contains)
        .forEach(requested::add);
    return requested;
  }

  /** Whether the running FETCH names the UID, or a command that wants items of new messages. */
  private boolean uidWanted() {
    return now().fetches("UID")
        || sent.values().stream()
            .anyMatch(it -> (it.verb().equals("NOTIFY") || it.updates()) && it.names("UID"));
  }

  /** Notes what the code of a status response shows. */
  private void code(Answer answer) {
    var code = code(answer.data());
    if (code.isEmpty()) {
      return;
    }
    switch (word(code.getFirst())) {
      case "SERVERBUG" -> throw new AssertionError("SERVERBUG");
      case "UNSEEN" -> {
        if (all.rev2() || all.uidOnly()) {
          throw new AssertionError("UNSEEN (RFC 9051 Appendix E)");
        }
      }
      case "CLOSED" -> mailbox.closed();
      case "MAILBOXID" -> mailbox.identified(code.get(1), now());
      case "HIGHESTMODSEQ" -> mailbox.highest(word(code.get(1)));
      case "MESSAGELIMIT" -> movedCode = Optional.of(answer);
      default -> {}
    }
  }

  private static List<Node> code(Node data) {
    return data instanceof Node.Row(var items)
            && items.size() == 2
            && items.get(1) instanceof Node.Row(var code)
        ? code
        : List.of();
  }

  private Answer ended(Answer answer) {
    if (answer.tag().equals("+")) {
      return answer;
    }
    var command = sent.getOrDefault(answer.tag(), SentCommand.NONE);
    var condition = answer.raw().split(" ", 3)[1];
    var ok = condition.equals("OK");
    code(answer);
    if (running.stream().anyMatch(it -> it.tag().equals(answer.tag()))) {
      SentCommand first;
      do {
        first = running.remove();
      } while (!first.tag().equals(answer.tag()));
    }
    if (ok && !refusal.isEmpty() && !refusal.startsWith("numbers BAD [UIDREQUIRED] ")) {
      throw new AssertionError("with sequence numbers it was answered " + refusal);
    }
    if (ok && (command.logsIn() || answer.tag().equals("sasl"))) {
      due = true;
    } else if (ok && command.verb().equals("UNAUTHENTICATE")) {
      own = EnabledExtensions.NONE;
      all = EnabledExtensions.NONE;
      mailbox.closed();
    } else if (command.selects()) {
      mailbox.selected(condition, all.rev2());
    } else if (ok && Set.of("CLOSE", "UNSELECT").contains(command.verb())) {
      mailbox.closed();
    }
    return command.mapped() ? numbered(answer) : answer;
  }

  /** The end of a command that was sent by UID, as that of the script's. */
  private Answer numbered(Answer answer) {
    var words = answer.words().replaceFirst("^UID ", "");
    var code = code(answer.data());
    var data = answer.data();
    if (!code.isEmpty() && word(code.getFirst()).equals("MODIFIED")) {
      var numbers = new Node.Word(mailbox.numbers(word(code.get(1))));
      data = withCode(answer, new Node.Row(List.of(code.getFirst(), numbers)));
    }
    return new Answer(answer.raw(), answer.tag(), data, words, false);
  }

  private static Node withCode(Answer answer, Node code) {
    return new Node.Row(List.of(((Node.Row) answer.data()).items().getFirst(), code));
  }

  @Override
  public List<Answer> forms(Answer answer) {
    if (!enabled()) {
      return List.of(answer);
    }
    var forms = new ArrayList<Answer>();
    forms.add(answer);
    var code = code(answer.data());
    if (answer.tagged()
        && all.qresync()
        && !code.isEmpty()
        && word(code.getFirst()).equals("HIGHESTMODSEQ")) {
      var condition = new Node.Row(((Node.Row) answer.data()).items().subList(0, 1));
      var moved = movedCode.map(it -> withCode(answer, ((Node.Row) it.data()).items().get(1)));
      forms.add(
          new Answer(answer.raw(), answer.tag(), moved.orElse(condition), answer.words(), false));
    }
    forms.addAll(FetchForms.of(answer, all));
    return forms;
  }

  @Override
  public List<Answer> expected(Answer expected) {
    if (expected.raw().startsWith("* ENABLED")) {
      return List.of();
    }
    var code = code(expected.data());
    if ((all.rev2() || all.uidOnly())
        && !code.isEmpty()
        && word(code.getFirst()).equals("UNSEEN")) {
      return List.of();
    }
    return all.rev2() ? FetchForms.withoutRecent(expected) : List.of(expected);
  }

  @Override
  public boolean mayCome(Answer answer) {
    var code = code(answer.data());
    var name = code.isEmpty() ? "" : word(code.getFirst());
    return switch (name) {
      case "CLOSED" -> now().selects() && (all.rev2() || all.qresync());
      case "HIGHESTMODSEQ", "MESSAGELIMIT" -> all.qresync();
      default -> all.qresync() && now().verb().equals("STORE") && FetchForms.isModSeqAlone(answer);
    };
  }

  /** RFC 9586 §3: what was wrong with the command for another reason is refused for this one. */
  @Override
  public boolean ends(Answer expected, Answer answer) {
    return all.uidOnly()
        && expected.tag().equals(answer.tag())
        && expected.raw().startsWith(expected.tag() + " BAD")
        && answer.raw().startsWith(answer.tag() + " BAD [UIDREQUIRED] ");
  }
}
