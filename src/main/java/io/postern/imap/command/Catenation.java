package io.postern.imap.command;

import io.postern.imap.response.FetchData;
import io.postern.imap.response.ResponseCode;
import io.postern.imap.spi.AppendData;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.FetchItem;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.RefusedException;
import io.postern.imap.state.State;
import io.postern.model.NumberSet;
import io.postern.store.Blobs;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.Content;
import io.postern.store.Staged;
import io.postern.store.Staging;
import io.postern.store.index.MailboxIndexes;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/**
 * Makes one message of parts (RFC 4469 §3), one after the other, without holding more than a piece
 * of them in memory. Its octets are bounded as those of any message.
 */
final class Catenation {
  private final CommandContext context;
  private final State.LoggedIn state;
  private final Staging staging;
  private final long allowed;
  private long written;

  Catenation(CommandContext context, State.LoggedIn state) {
    this.context = context;
    this.state = state;
    this.staging = new Staging(context.ports().blobs());
    this.allowed = context.ports().live().now().maxReceiveSize().asLongValue();
  }

  /** The message. Fails with {@link RefusedException} when a part can't be had, or is too much. */
  Uni<Staged> staged(List<CatenateData.Part> parts) {
    return Multi.createFrom()
        .iterable(parts)
        .onItem()
        .transformToUniAndConcatenate(
            part ->
                switch (part) {
                  case CatenateData.Part.Text(var octets) -> texts(octets);
                  case CatenateData.Part.Url(var url) -> url(url);
                })
        .onItem()
        .ignoreAsUni()
        .chain(this::finish)
        .onFailure()
        .call(staging::abandon);
  }

  private Uni<Staged> finish() {
    return written == 0
        ? refused(Outcome.no("CANNOT", "A message has at least one octet."))
        : staging.finish();
  }

  private static <T> Uni<T> refused(Outcome.No outcome) {
    return Uni.createFrom().failure(new RefusedException(outcome));
  }

  private Uni<Void> write(Multi<Buffer> pieces) {
    return pieces.onItem().transformToUniAndConcatenate(this::write).onItem().ignoreAsUni();
  }

  private Uni<Void> write(Buffer piece) {
    written += piece.length();
    return written > allowed
        ? refused(Outcome.no("TOOBIG", "A message has at most " + allowed + " octets here."))
        : staging.write(piece);
  }

  private Uni<Void> texts(List<AppendData.Source> octets) {
    return octets.isEmpty()
        ? Uni.createFrom().voidItem()
        : octets.getFirst().staged(context, state).chain(this::text);
  }

  /** What the client sent is stored already, in chunks if it is long; these are dropped. */
  private Uni<Void> text(Staged text) {
    var blobs = context.ports().blobs();
    return switch (text.bytes()) {
      case Staged.Bytes.Inline(var bytes) -> write(bytes);
      case Staged.Bytes.Stored(var blob) ->
          write(blobs.read(blob, 0, text.facts().size())).call(() -> blobs.drop(blob));
      case Staged.Bytes.Prefixed(var prefix, var blob) ->
          write(prefix).chain(() -> write(blobs.read(blob, 0, text.facts().size())));
    };
  }

  private Uni<Void> url(String url) {
    return MessageUrl.parse(url)
        .map(
            parsed ->
                mailbox(parsed)
                    .chain(
                        found ->
                            found
                                .map(named -> message(url, parsed, named))
                                .orElseGet(() -> badUrl(url))))
        .orElseGet(() -> badUrl(url));
  }

  private static <T> Uni<T> badUrl(String url) {
    return refused(
        Outcome.no(new ResponseCode.BadUrl(url), "There is no such message, or part of it."));
  }

  private Uni<Optional<MailboxIndexes.Named>> mailbox(MessageUrl url) {
    var indexes = context.ports().indexes();
    if (url.mailbox().isPresent()) {
      return indexes.current(state.identity().account(), url.mailbox().get());
    }
    return context
        .view()
        .map(
            view ->
                indexes
                    .current(view.mailbox())
                    .map(index -> Optional.of(new MailboxIndexes.Named(view.mailbox(), index))))
        .orElseGet(() -> Uni.createFrom().item(Optional.empty()));
  }

  private Uni<Void> message(String text, MessageUrl url, MailboxIndexes.Named named) {
    var index = named.index();
    boolean valid =
        url.uidValidity().isEmpty() || url.uidValidity().getAsLong() == index.uidValidity().value();
    if (!valid || index.present(NumberSet.of(url.uid())).isEmpty()) {
      return badUrl(text);
    }
    int position = index.countBelow(url.uid());
    var id = index.contentAt(position);
    return context
        .ports()
        .messages()
        .contents(
            named.mailbox().account(), List.of(id), new Columns(false, Blobs.CHUNK), Blobs.CHUNK)
        .map(contents -> Optional.ofNullable(contents.found().get(id)))
        .chain(
            content ->
                content
                    .map(it -> part(text, url, row(named, position, it)))
                    .orElseGet(() -> badUrl(text)));
  }

  private static FetchItem.Row row(MailboxIndexes.Named named, int position, Content content) {
    var index = named.index();
    return new FetchItem.Row(
        position + 1,
        index.uid(position),
        index.flags(position),
        index.modSeqAt(position),
        index.keywords(),
        false,
        new FetchItem.Entry(named.mailbox().account(), index, position),
        Optional.of(content));
  }

  /** The octets as FETCH BODY.PEEK returns them. */
  private Uni<Void> part(String text, MessageUrl url, FetchItem.Row row) {
    var item = url.item().of(row);
    var data =
        item.atHand(row)
            ? Uni.createFrom().item(item.data(row))
            : item.read(row, context.ports().blobs(), context.reply());
    return data.chain(
        it -> {
          if (it instanceof FetchData.Streamed streamed) {
            return write(streamed.pieces());
          }
          return it instanceof FetchData.Section(_, var octets, _) && octets.isPresent()
              ? write(octets.get())
              : badUrl(text);
        });
  }
}
