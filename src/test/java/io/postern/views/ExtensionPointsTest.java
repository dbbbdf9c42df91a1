package io.postern.views;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.response.ResponseCode;
import io.postern.imap.response.StatusResponse;
import io.postern.imap.response.StatusResponse.Condition;
import io.postern.imap.response.Untagged;
import io.postern.imap.response.Untagged.ReturnData;
import io.postern.imap.selected.View;
import io.postern.imap.spi.AppendData;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.FetchItem;
import io.postern.imap.spi.FetchModifier;
import io.postern.imap.spi.ListOption;
import io.postern.imap.spi.LiteralDecision;
import io.postern.imap.spi.SearchReturn;
import io.postern.imap.spi.SelectParameter;
import io.postern.imap.spi.StoreModifier;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.NumberSet;
import io.postern.model.message.Flags;
import io.postern.model.message.SystemFlag;
import io.postern.push.LocalHints;
import io.postern.store.Messages.NewMessage;
import io.postern.store.SampleMessages;
import io.postern.store.index.MailboxIndex;
import io.postern.wire.Request;
import io.smallrye.mutiny.Uni;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Whatever an extension can add to a command of others takes part in it. */
class ExtensionPointsTest {
  private final RandomScheduler scheduler = new RandomScheduler(1);
  private final TestNodes setup = new TestNodes(new Everything());
  private final TestNodes.Node node =
      setup.node(new LocalHints(), setup.mailboxes, setup.messages, 1 << 20);
  private final ModelClient player = new ModelClient(scheduler, node.protocol());

  /** An extension that adds one of each kind. */
  private static final class Everything implements Extension {
    @Override
    public int rfc() {
      return 4466;
    }

    @Override
    public List<Verb> verbs() {
      return List.of(Verb.of("NOTIFYING", new Notifying()));
    }

    @Override
    public List<SelectParameter> selectParameters() {
      return List.of(new SelectParameter("GREET", (_, _) -> new Greeting()));
    }

    @Override
    public List<FetchModifier> fetchModifiers() {
      return List.of(new FetchModifier("FIRST", Everything::first));
    }

    private static FetchModifier.Effect first(Arguments in, CommandContext context)
        throws BadSyntax {
      in.space();
      return new First(in.number());
    }

    @Override
    public List<StoreModifier> storeModifiers() {
      return List.of(new StoreModifier("NOTONE", (_, _) -> new NotOne()));
    }

    @Override
    public List<SearchReturn> searchReturns() {
      return List.of(new SearchReturn("HOWMANY", (_, _) -> new HowMany()));
    }

    @Override
    public List<ListOption> listOptions() {
      return List.of(
          new ListOption.Selection("INBOXONLY", name -> name.name().isInbox()),
          new ListOption.Return("LENGTH", new Length()));
    }

    @Override
    public List<AppendData> appendData() {
      return List.of(new Letter());
    }

    @Override
    public List<AppendData.Option> appendOptions() {
      return List.of(new AppendData.Option("FLAGGED", Everything::flagged));
    }

    private static java.util.function.UnaryOperator<NewMessage> flagged(
        Arguments in, CommandContext context) throws BadSyntax {
      in.keyword("YES");
      return message ->
          new NewMessage(message.staged(), Flags.of(SystemFlag.FLAGGED), message.internalDate());
    }

    @Override
    public List<SetMarker> setMarkers() {
      return List.of(new SetMarker('%', context -> context.view().map(View::saved).orElseThrow()));
    }

    @Override
    public List<Enabling> enables() {
      return List.of(
          new Enabling(
              "GREETED",
              Set.of("CONDSTORE"),
              context -> {
                context.reply().send(StatusResponse.of(Condition.OK, "Now with greetings."));
                return Uni.createFrom().voidItem();
              }));
    }
  }

  private record Notifying() implements Command.Mailbox {
    @Override
    public Uni<Outcome> run(CommandContext context, State.Selected state) {
      return Outcome.ok("NOTIFYING completed.")
          .connection(context.connectionState().updatesBetweenCommands(true))
          .now();
    }
  }

  private record Greeting() implements SelectParameter.Effect {
    @Override
    public Set<String> enables() {
      return Set.of("CONDSTORE");
    }

    @Override
    public Uni<Void> opened(CommandContext context, View view, MailboxIndex index) {
      var code = new ResponseCode.Numeric("HIGHESTMODSEQ", index.modSeq().value());
      context.reply().send(StatusResponse.of(Condition.OK, code, "Welcome."));
      return Uni.createFrom().voidItem();
    }
  }

  private record First(long count) implements FetchModifier.Effect {
    @Override
    public List<FetchItem> items() {
      return List.of();
    }

    @Override
    public Uni<Void> before(
        CommandContext context, View view, MailboxIndex index, FetchModifier.Use use) {
      context.reply().send(new Untagged.Vanished(NumberSet.of(77), true));
      return Uni.createFrom().voidItem();
    }

    @Override
    public int[] select(MailboxIndex index, int[] positions) {
      return Arrays.copyOf(positions, (int) count);
    }
  }

  private record NotOne() implements StoreModifier.Effect {
    @Override
    public Uni<NumberSet> select(
        CommandContext context, View view, MailboxIndex index, NumberSet uids) {
      return Uni.createFrom().item(uids.minus(NumberSet.of(1)));
    }

    @Override
    public Outcome.Ok completed(Outcome.Ok outcome, NumberSet modified) {
      return outcome.code(new ResponseCode.Numbers("MODIFIED", NumberSet.of(1)));
    }
  }

  private record HowMany() implements SearchReturn.Effect {
    @Override
    public Optional<ReturnData> data(SearchReturn.Result result) {
      return Optional.of(new ReturnData.Numeric("HOWMANY", result.count()));
    }

    @Override
    public void succeeded(SearchReturn.Result result, List<SearchReturn.Effect> all) {
      result.view().save(result.uids());
    }
  }

  private record Length() implements ListOption.Shows {
    @Override
    public List<String> attributes(ListOption.Name name) {
      return List.of("\\Short");
    }

    @Override
    public Uni<Optional<Untagged>> behind(CommandContext context, ListOption.Name name) {
      var length = new Untagged.StatusData.Counter("LENGTH", name.name().value().length());
      return Uni.createFrom()
          .item(Optional.of(new Untagged.MailboxStatus(name.name(), List.of(length))));
    }
  }

  /** A message that is one word of the command. */
  private record Letter() implements AppendData {
    @Override
    public String name() {
      return "LETTER";
    }

    @Override
    public Uni<LiteralDecision> literal(
        CommandContext context,
        Arguments soFar,
        Request.Head head,
        Supplier<Uni<LiteralDecision>> message) {
      return new LiteralDecision.Refuse(Outcome.bad("LETTER has no literal.")).now();
    }

    @Override
    public Source read(Arguments in, CommandContext context) throws BadSyntax {
      in.space();
      var word = in.atom("a word");
      return (_, _) -> Uni.createFrom().item(SampleMessages.staged(word));
    }
  }

  private void deliver(int messages) {
    for (int i = 0; i < messages; i++) {
      TestNodes.await(
          node.messages().append(setup.mailbox("INBOX"), List.of(SampleMessages.message("n" + i))));
    }
  }

  private List<String> say(String command) {
    player.say(command);
    scheduler.settle();
    assertThat(player.busy()).isFalse();
    return player.news();
  }

  private void select() {
    player.select("INBOX");
    scheduler.settle();
    player.news();
  }

  @Test
  void aParameterOfSelectAddsAResponseAndEnables() {
    deliver(1);
    player.select("INBOX (GREET)");
    scheduler.settle();
    assertThat(player.news()).anyMatch(line -> line.startsWith("* OK [HIGHESTMODSEQ "));
    assertThat(say("STORE 1 +FLAGS (\\Seen)"))
        .anyMatch(line -> line.matches("\\* 1 FETCH \\(UID 1 FLAGS \\(.*\\) MODSEQ \\(\\d+\\)\\)"));
  }

  @Test
  void aModifierOfFetchSendsBeforeTheMessagesAndSelectsThem() {
    deliver(3);
    select();
    assertThat(say("FETCH 1:* (UID) (FIRST 2)"))
        .containsSubsequence(
            "* VANISHED (EARLIER) 77",
            "* 1 FETCH (UID 1)",
            "* 2 FETCH (UID 2)",
            "t OK FETCH completed.")
        .doesNotContain("* 3 FETCH (UID 3)");
  }

  @Test
  void aModifierOfStoreSelectsTheMessagesAndAddsACode() {
    deliver(2);
    select();
    assertThat(say("STORE 1:2 (NOTONE) +FLAGS (\\Seen)"))
        .contains("t OK [MODIFIED 1] STORE completed.")
        .anyMatch(line -> line.startsWith("* 2 FETCH (FLAGS (\\Seen"))
        .noneMatch(line -> line.startsWith("* 1 FETCH"));
  }

  @Test
  void aReturnOptionOfSearchIsShownAndItsResultCanBeMarked() {
    deliver(3);
    select();
    assertThat(say("UID SEARCH RETURN (HOWMANY) UID 2:3"))
        .contains("* ESEARCH (TAG \"t\") UID HOWMANY 2");
    assertThat(say("FETCH % UID"))
        .containsSubsequence("* 2 FETCH (UID 2)", "* 3 FETCH (UID 3)")
        .doesNotContain("* 1 FETCH (UID 1)");
  }

  @Test
  void optionsOfListSelectAndReturn() {
    assertThat(say("LIST (INBOXONLY) \"\" * RETURN (LENGTH)"))
        .anyMatch(line -> line.matches("\\* LIST \\(.*\\\\Short\\) \"/\" INBOX"))
        .contains("* STATUS INBOX (LENGTH 5)")
        .filteredOn(line -> line.startsWith("* LIST"))
        .hasSize(1);
  }

  @Test
  void anotherFormOfAppendsMessageAndAnOptionAreStored() {
    select();
    assertThat(say("APPEND INBOX FLAGGED YES LETTER hello"))
        .anyMatch(line -> line.startsWith("t OK [APPENDUID "))
        .contains("* 1 EXISTS");
    assertThat(setup.flags("INBOX")).isEqualTo(List.of(new TreeSet<>(Set.of("\\Flagged"))));
  }

  @Test
  void whatEnableSwitchesOnRunsItsHookOnce() {
    assertThat(say("ENABLE GREETED X-UNKNOWN"))
        .containsSubsequence("* OK Now with greetings.", "* ENABLED GREETED CONDSTORE");
    assertThat(say("ENABLE CONDSTORE GREETED"))
        .contains("* ENABLED")
        .doesNotContain("* OK Now with greetings.");
  }

  @Test
  void updatesAreSentBetweenCommandsToAClientThatAskedForThem() {
    deliver(1);
    select();
    deliver(1);
    scheduler.settle();
    assertThat(player.news()).isEmpty();
    say("NOTIFYING");
    deliver(1);
    scheduler.settle();
    assertThat(player.news()).contains("* 3 EXISTS");
    assertThat(say("FETCH 3 UID")).contains("* 3 FETCH (UID 3)");
    deliver(1);
    scheduler.settle();
    assertThat(player.news()).contains("* 4 EXISTS");
  }

  @Test
  void aCommandWaitsForAnUpdateThatIsBeingSent() {
    deliver(1);
    var slow =
        setup.node(
            new LocalHints(),
            scheduler.slow(io.postern.store.Mailboxes.class, setup.mailboxes),
            scheduler.slow(io.postern.store.Messages.class, setup.messages),
            1 << 20);
    var client = new ModelClient(scheduler, slow.protocol());
    client.select("INBOX");
    scheduler.settle();
    client.say("NOTIFYING");
    scheduler.settle();
    client.news();
    TestNodes.await(
        setup.messages.append(
            setup.mailbox("INBOX"), List.of(SampleMessages.message("elsewhere"))));
    // The timer finds a change without a hint; the command arrives during the read of the store.
    client.timePasses();
    client.say("NOOP");
    scheduler.settle();
    assertThat(client.busy()).isFalse();
    assertThat(client.news()).containsSubsequence("* 2 EXISTS", "t OK NOOP completed.");
  }
}
