package io.postern.admin.mailbox;

import static io.postern.admin.security.Roles.ADMIN;

import io.postern.admin.CursorPage;
import io.postern.admin.PageRequest;
import io.postern.admin.account.Directory;
import io.postern.admin.security.ProblemException;
import io.postern.config.Live;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.ContentId;
import io.postern.model.MailboxName;
import io.postern.model.Uid;
import io.postern.model.message.Flags;
import io.postern.model.message.SystemFlag;
import io.postern.store.Blobs;
import io.postern.store.Destination;
import io.postern.store.Messages;
import io.postern.store.Messages.Appended;
import io.postern.store.Messages.Columns;
import io.postern.store.Messages.NewMessage;
import io.postern.store.Staged;
import io.postern.store.StoreException;
import io.postern.store.StoreFailure;
import io.postern.store.index.MailboxIndex;
import io.postern.store.index.MailboxIndexes;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.vertx.MultiHelper;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestMulti;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.Status;

/** The messages of a mailbox, octet by octet: for import and export. */
@Path("/admin/v1/accounts/{name}/messages")
@Tag(name = "mailboxes")
@RolesAllowed(ADMIN)
public class MessagesResource {
  /** The media type of a message (RFC 2046 §5.2.1). */
  static final String MESSAGE = "message/rfc822";

  /**
   * A message.
   *
   * @param uid its UID
   * @param size octets
   * @param internalDate when it was received, in its own zone
   * @param flags its flags and keywords
   */
  public record MessageView(long uid, int size, String internalDate, List<String> flags) {
    static MessageView of(MailboxIndex index, int position) {
      return new MessageView(
          index.uid(position),
          index.sizeAt(position),
          index.internalDateAt(position).dateTime().toString(),
          texts(index.keywords().unpack(index.flags(position))));
    }

    private static List<String> texts(Flags flags) {
      return Stream.concat(flags.system().stream().map(SystemFlag::text), flags.keywords().stream())
          .toList();
    }
  }

  /**
   * A message that was added.
   *
   * @param uid its UID
   * @param uidValidity of the UIDs of its mailbox
   */
  public record AddedMessage(long uid, long uidValidity) {
    static AddedMessage of(Appended appended) {
      var change = appended.change();
      return new AddedMessage(change.changed().uid(0), change.state().uidValidity().value());
    }
  }

  /** So many messages are added at a time on this node; each holds a chunk. */
  private static final int AT_ONCE = 16;

  /** For so long the rest of a refused message is read. */
  private static final Duration REST = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final Messages messages;
  private final Blobs blobs;
  private final MailboxIndexes indexes;
  private final Directory directory;
  private final Live live;
  private final Semaphore adding = new Semaphore(AT_ONCE);

  MessagesResource(
      Vertx vertx,
      Messages messages,
      Blobs blobs,
      MailboxIndexes indexes,
      Directory directory,
      Live live) {
    this.vertx = vertx;
    this.messages = messages;
    this.blobs = blobs;
    this.indexes = indexes;
    this.directory = directory;
    this.live = live;
  }

  /** Lists the messages of a mailbox by UID. */
  @GET
  @Operation(summary = "List the messages of a mailbox, by UID")
  @APIResponse(responseCode = "404", description = "There is no such account or mailbox")
  public Uni<CursorPage<MessageView>> list(
      @PathParam("name") String name,
      @Parameter(description = "The name of the mailbox; INBOX by default") @QueryParam("mailbox")
          Optional<String> mailbox,
      @BeanParam PageRequest request) {
    var from = MessageQuery.mailbox(mailbox);
    return directory
        .id(name)
        .flatMap(account -> index(account, from))
        .map(
            index -> {
              int first = index.countBelow(request.afterId() + 1);
              int end = Math.min(index.size(), first + request.toRead());
              return IntStream.range(first, end)
                  .mapToObj(position -> MessageView.of(index, position))
                  .toList();
            })
        .map(found -> request.page(found, message -> Long.toString(message.uid())));
  }

  private Uni<MailboxIndex> index(AccountId account, MailboxName name) {
    return indexes
        .current(account, name)
        .map(
            found ->
                found
                    .orElseThrow(() -> new StoreException(new StoreFailure.NoSuchMailbox(name)))
                    .index());
  }

  /** Returns the octets of a message, as they were added. */
  @GET
  @Path("{uid}")
  @Produces(MESSAGE)
  @Operation(summary = "Read a message, octet by octet as it is stored; the reading is audited")
  @APIResponse(
      responseCode = "200",
      description = "The message",
      content = @Content(mediaType = MESSAGE))
  @APIResponse(responseCode = "404", description = "There is no such account, mailbox or message")
  public RestMulti<Buffer> octets(
      @PathParam("name") String name,
      @PathParam("uid") String uid,
      @Parameter(description = "The name of the mailbox; INBOX by default") @QueryParam("mailbox")
          Optional<String> mailbox) {
    var from = MessageQuery.mailbox(mailbox);
    long wanted = PageRequest.number(uid, "uid", 1, Uid.MAX);
    return RestMulti.fromUniResponse(
        directory
            .id(name)
            .flatMap(
                account -> index(account, from).flatMap(index -> content(account, index, wanted))),
        content -> content.read(blobs, 0, content.facts().size()));
  }

  private Uni<Messages.Content> content(AccountId account, MailboxIndex index, long uid) {
    int position = index.countBelow(uid);
    if (position == index.size() || index.uid(position) != uid) {
      throw missing(uid);
    }
    ContentId id = index.contentAt(position);
    return messages
        .contents(account, List.of(id), new Columns(false, false, Columns.STREAMED))
        .map(found -> Optional.ofNullable(found.get(id)).orElseThrow(() -> missing(uid)));
  }

  private static ProblemException missing(long uid) {
    return ProblemException.notFound("There is no message with the UID " + uid);
  }

  /** Adds a message. */
  @POST
  @Consumes(MESSAGE)
  @Operation(
      summary = "Add a message to a mailbox, octet by octet as it is sent",
      description = "Sessions in the mailbox learn of it, as of any other message")
  @RequestBody(required = true, content = @Content(mediaType = MESSAGE))
  @APIResponse(responseCode = "201", description = "It is stored")
  @APIResponse(responseCode = "404", description = "There is no such account or mailbox")
  @APIResponse(responseCode = "408", description = "Its octets came too slowly")
  @APIResponse(
      responseCode = "409",
      description = "The quota is exceeded, or there are too many keywords")
  @APIResponse(responseCode = "413", description = "It is larger than mail.max-receive-size")
  @APIResponse(responseCode = "503", description = "Sixteen messages are being added; try again")
  public Uni<RestResponse<AddedMessage>> add(
      @PathParam("name") String name,
      @BeanParam MessageQuery query,
      @Context HttpServerRequest body) {
    var to = MessageQuery.mailbox(query.mailbox());
    var flags = query.flags();
    var date = query.date();
    if (!adding.tryAcquire()) {
      discard(body);
      throw ProblemException.busy(AT_ONCE + " messages are being added: try again");
    }
    return directory
        .id(name)
        // Refused before its octets are read, where it can be.
        .call(account -> index(account, to))
        .flatMap(account -> stored(account, to, body, it -> new NewMessage(it, flags, date)))
        .onFailure()
        .invoke(() -> discard(body))
        .map(appended -> RestResponse.status(Status.CREATED, AddedMessage.of(appended)))
        .onTermination()
        .invoke(adding::release);
  }

  private Uni<Appended> stored(
      AccountId account,
      MailboxName to,
      HttpServerRequest body,
      Function<Staged, NewMessage> message) {
    var upload =
        new MessageUpload(
            vertx,
            blobs,
            live.now().maxReceiveSize().asLongValue(),
            new UploadPace(System::nanoTime, UploadPace.PORTION, UploadPace.WITHIN));
    // A body without octets has ended before it is read.
    Multi<Buffer> octets = body.isEnded() ? Multi.createFrom().empty() : MultiHelper.toMulti(body);
    return upload
        .whole(octets)
        .map(message)
        .flatMap(
            it ->
                messages.append(new Destination.Named(account, to, Optional.empty()), List.of(it)))
        .onFailure()
        .invoke(upload::abandon);
  }

  private void discard(HttpServerRequest body) {
    RefusedBody.discard(vertx, body, live.now().maxReceiveSize().asLongValue(), REST);
  }
}
