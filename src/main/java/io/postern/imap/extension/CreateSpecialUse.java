package io.postern.imap.extension;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.CreateParameter;
import io.postern.imap.spi.Extension;
import io.postern.imap.state.ConnectionState;
import io.postern.imap.state.Outcome;
import io.postern.model.SpecialUse;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/** CREATE-SPECIAL-USE (RFC 6154 §3): gives a new mailbox a use that no other has. */
public final class CreateSpecialUse implements Extension {
  /** Uses of mailboxes that show the messages of others; there are none here. */
  private static final EnumSet<SpecialUse> VIRTUAL = EnumSet.of(SpecialUse.ALL, SpecialUse.FLAGGED);

  @Override
  public int rfc() {
    return 6154;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("CREATE-SPECIAL-USE");
  }

  @Override
  public List<CreateParameter> createParameters() {
    return List.of(new CreateParameter("USE", CreateSpecialUse::read));
  }

  private static CreateParameter.Effect read(Arguments in, CommandContext context)
      throws BadSyntax {
    var names = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
    in.space();
    in.openList();
    for (boolean first = true; !in.tryCloseList(); first = false) {
      if (!first) {
        in.space();
      }
      in.octet('\\', "a special use");
      names.add("\\" + in.atom("a special use"));
    }
    return new Use(List.copyOf(names));
  }

  /**
   * The uses that a client names.
   *
   * @param names with their backslashes, each once
   */
  private record Use(List<String> names) implements CreateParameter.Effect {
    @Override
    public Optional<Outcome.No> refusal() {
      if (names.size() > 1) {
        return Optional.of(useAttr("A mailbox has at most one special use here."));
      }
      return names.isEmpty() || use().isPresent()
          ? Optional.empty()
          : Optional.of(useAttr("No mailbox can have the use " + names.getFirst() + " here."));
    }

    private static Outcome.No useAttr(String text) {
      return Outcome.no("USEATTR", text);
    }

    @Override
    public Optional<SpecialUse> use() {
      return names.stream().findFirst().flatMap(Use::known);
    }

    private static Optional<SpecialUse> known(String name) {
      return Arrays.stream(SpecialUse.values())
          .filter(use -> !VIRTUAL.contains(use))
          .filter(use -> folded(use.attribute()).equals(folded(name)))
          .findFirst();
    }

    private static String folded(String name) {
      return name.toLowerCase(Locale.ROOT);
    }
  }
}
