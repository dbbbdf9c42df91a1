package io.postern.imap.extension;

import io.postern.imap.spi.Extension;
import io.postern.imap.spi.ListOption;
import io.postern.imap.spi.ListOption.Name;
import io.postern.imap.spi.ListOption.Need;
import io.postern.imap.spi.ListOption.Role;
import io.postern.imap.state.ConnectionState;
import java.util.List;
import java.util.Set;

/** LIST-EXTENDED (RFC 5258): what LIST selects and returns; there are no remote mailboxes. */
public final class ListExtended implements Extension {
  private static final ListOption.Shows NOTHING = new ListOption.Shows() {};

  @Override
  public int rfc() {
    return 5258;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("LIST-EXTENDED");
  }

  @Override
  public List<ListOption> listOptions() {
    return List.of(
        new ListOption.Selection("SUBSCRIBED", Role.BASE, Name::subscribed, Shown.SUBSCRIBED),
        new ListOption.Selection("REMOTE", Role.INDEPENDENT, _ -> true, NOTHING),
        new ListOption.Selection("RECURSIVEMATCH", Role.RECURSIVE, _ -> true, NOTHING),
        new ListOption.Return("SUBSCRIBED", Shown.SUBSCRIBED),
        new ListOption.Return("CHILDREN", Shown.CHILDREN));
  }

  /** The return options of RFC 5258 §3.2. */
  private enum Shown implements ListOption.Shows {
    SUBSCRIBED,
    CHILDREN;

    @Override
    public Set<Need> needs() {
      return this == SUBSCRIBED ? Set.of(Need.SUBSCRIPTIONS) : Set.of();
    }

    @Override
    public List<String> attributes(Name name) {
      return switch (this) {
        case SUBSCRIBED -> name.subscribed() ? List.of("\\Subscribed") : List.of();
        case CHILDREN -> List.of(name.hasChildren() ? "\\HasChildren" : "\\HasNoChildren");
      };
    }
  }
}
