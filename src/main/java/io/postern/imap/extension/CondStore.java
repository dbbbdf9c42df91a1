package io.postern.imap.extension;

import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.ModSeqText;
import io.postern.imap.grammar.SearchText;
import io.postern.imap.response.ResponseCode;
import io.postern.imap.selected.View;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.FetchItem;
import io.postern.imap.spi.FetchModifier;
import io.postern.imap.spi.SelectParameter;
import io.postern.imap.spi.StatusItem;
import io.postern.imap.spi.StoreModifier;
import io.postern.imap.state.ConnectionState;
import io.postern.imap.state.Outcome;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.message.Criterion;
import io.postern.model.message.FlagsUpdate;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * CONDSTORE (RFC 7162 §3.1): mod-sequences, by which a client asks for the messages changed since,
 * and changes only those that it knows as they are.
 */
public final class CondStore implements Extension {
  /** Its name for ENABLE, and of its capability. */
  static final String NAME = "CONDSTORE";

  private static final Set<String> ENABLES = Set.of(NAME);

  @Override
  public int rfc() {
    return 7162;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of(NAME);
  }

  @Override
  public List<SelectParameter> selectParameters() {
    var effect =
        new SelectParameter.Effect() {
          @Override
          public Set<String> enables() {
            return ENABLES;
          }
        };
    return List.of(new SelectParameter(NAME, (_, _) -> effect));
  }

  /** RFC 7162 §3.1.2.1: after every SELECT, also of a client that did not ask for it. */
  @Override
  public List<ResponseCode> selectCodes(View view, MailboxIndex index) {
    return List.of(new ResponseCode.Numeric("HIGHESTMODSEQ", index.modSeq().value()));
  }

  @Override
  public List<FetchItem.Kind> fetchItems() {
    return List.of(new FetchItem.Kind("MODSEQ", _ -> FetchItem.MODSEQ));
  }

  @Override
  public List<FetchModifier> fetchModifiers() {
    return List.of(
        new FetchModifier("CHANGEDSINCE", (in, _) -> new ChangedSince(ModSeqText.orZero(in))));
  }

  @Override
  public List<StoreModifier> storeModifiers() {
    return List.of(
        new StoreModifier("UNCHANGEDSINCE", (in, _) -> new UnchangedSince(ModSeqText.orZero(in))));
  }

  @Override
  public List<SearchKey> searchKeys() {
    return List.of(new SearchKey("MODSEQ", CondStore::searchKey));
  }

  /** RFC 7162 §3.1.5: a message has one mod-sequence, whatever entry the client names. */
  private static Criterion searchKey(SearchText search, CommandContext context) throws BadSyntax {
    return new Criterion.ModSeqFrom(ModSeqText.searched(search.arguments()));
  }

  @Override
  public List<StatusItem> statusItems() {
    return List.of(
        StatusItem.of("HIGHESTMODSEQ", state -> state.highestModSeq().value()).enabling(NAME));
  }

  @Override
  public List<Enabling> enables() {
    return List.of(new Enabling(NAME, CondStore::enabled));
  }

  /** RFC 7162 §3.1: the first command that enables it returns the mailbox's mod-sequence. */
  private static Uni<Void> enabled(CommandContext context) {
    context.view().ifPresent(context.updates()::sendHighestModSeq);
    return Uni.createFrom().voidItem();
  }

  /** RFC 7162 §3.1.4.1; some clients send 0 for a mailbox they have not seen. */
  private record ChangedSince(long modSeq) implements FetchModifier.Effect {
    @Override
    public Set<String> enables() {
      return ENABLES;
    }

    @Override
    public List<FetchItem> items() {
      return List.of(FetchItem.MODSEQ);
    }

    @Override
    public OptionalLong changedSince() {
      return OptionalLong.of(modSeq);
    }

    @Override
    public int[] select(MailboxIndex index, int[] positions) {
      return modSeq == 0
          ? positions
          : index
              .changedSince(new ModSeq(modSeq))
              .filter(at -> Arrays.binarySearch(positions, at) >= 0)
              .toArray();
    }
  }

  /** RFC 7162 §3.1.3. */
  private record UnchangedSince(long modSeq) implements StoreModifier.Effect {
    @Override
    public Set<String> enables() {
      return ENABLES;
    }

    @Override
    public FlagsUpdate update(FlagsUpdate update) {
      return update.unchangedSince(modSeq);
    }

    @Override
    public Outcome.Ok completed(Outcome.Ok outcome, NumberSet modified) {
      return modified.isEmpty()
          ? outcome
          : outcome.code(new ResponseCode.Numbers("MODIFIED", modified));
    }
  }
}
