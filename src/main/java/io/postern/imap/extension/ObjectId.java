package io.postern.imap.extension;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.SearchText;
import io.postern.imap.response.FetchData;
import io.postern.imap.response.ResponseCode;
import io.postern.imap.response.Untagged.StatusData;
import io.postern.imap.selected.View;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.FetchItem;
import io.postern.imap.spi.StatusItem;
import io.postern.imap.state.ConnectionState;
import io.postern.model.Ids.ContentId;
import io.postern.model.MailboxInfo;
import io.postern.model.message.Criterion;
import io.postern.store.index.MailboxIndex;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/**
 * OBJECTID (RFC 8474): ids of mailboxes that survive a rename, and of contents that survive COPY
 * and MOVE. Threads have none.
 */
public final class ObjectId implements Extension {
  private static final String MAILBOX = "MAILBOXID";
  private static final String EMAIL = "EMAILID";
  private static final String THREAD = "THREADID";

  /** RFC 8474 §7: objectid. */
  private static final int MAX_LENGTH = 255;

  @Override
  public int rfc() {
    return 8474;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of("OBJECTID");
  }

  private static String emailId(ContentId content) {
    return "M" + content.value();
  }

  @Override
  public Optional<ResponseCode> createCode(MailboxInfo mailbox) {
    var id = mailbox.key().mailbox().objectId(mailbox.uidValidity());
    return Optional.of(new ResponseCode.ObjectId(MAILBOX, id));
  }

  @Override
  public List<ResponseCode> selectCodes(View view, MailboxIndex index) {
    var id = view.mailbox().mailbox().objectId(view.uidValidity());
    return List.of(new ResponseCode.ObjectId(MAILBOX, id));
  }

  @Override
  public List<StatusItem> statusItems() {
    return List.of(
        new StatusItem(
            MAILBOX,
            (_, mailbox, state) -> {
              var id = mailbox.mailbox().objectId(state.uidValidity());
              return Uni.createFrom().item(new StatusData.ObjectId(MAILBOX, id));
            }));
  }

  @Override
  public List<FetchItem.Kind> fetchItems() {
    return List.of(
        new FetchItem.Kind(EMAIL, _ -> Item.EMAILID),
        new FetchItem.Kind(THREAD, _ -> Item.THREADID));
  }

  private enum Item implements FetchItem {
    EMAILID,
    THREADID;

    @Override
    public Need need() {
      return Need.INDEX;
    }

    @Override
    public FetchData data(Row row) {
      return new FetchData.ObjectId(
          name(),
          switch (this) {
            case EMAILID -> Optional.of(emailId(row.entry().content()));
            // RFC 8474 §5.2
            case THREADID -> Optional.empty();
          });
    }
  }

  @Override
  public List<SearchKey> searchKeys() {
    return List.of(
        new SearchKey(EMAIL, (in, _) -> hasEmailId(in)),
        new SearchKey(THREAD, (in, _) -> hasThreadId(in)));
  }

  private static Criterion hasEmailId(SearchText in) throws BadSyntax {
    var id = objectId(in.arguments());
    return content(id)
        .filter(content -> emailId(content).equals(id))
        .<Criterion>map(Criterion.HasContent::new)
        .orElse(NOTHING);
  }

  private static Criterion hasThreadId(SearchText in) throws BadSyntax {
    objectId(in.arguments());
    return NOTHING;
  }

  private static final Criterion NOTHING = new Criterion.Not(new Criterion.All());

  private static Optional<ContentId> content(String id) {
    try {
      long value = Long.parseLong(id, 1, id.length(), 10);
      return Optional.of(value).filter(it -> it > 0).map(ContentId::new);
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static String objectId(Arguments in) throws BadSyntax {
    in.space();
    long start = in.position();
    var id = in.astring("an object id");
    boolean valid = !id.isEmpty() && id.length() <= MAX_LENGTH && id.chars().allMatch(ObjectId::is);
    if (!valid) {
      throw new BadSyntax("an object id", start);
    }
    return id;
  }

  private static boolean is(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-';
  }
}
