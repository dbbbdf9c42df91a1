package io.postern.admin.account;

import static io.postern.admin.security.Roles.ADMIN;
import static io.postern.admin.security.Roles.SERVER_ADMIN;
import static io.postern.admin.security.Roles.VIEWER;

import io.postern.admin.IfMatch;
import io.postern.admin.Tagged;
import io.postern.admin.security.ProblemException;
import io.postern.admin.security.ValidationErrors;
import io.postern.model.CalendarFormat;
import io.postern.model.MailProtocol;
import io.postern.model.MimeFormat;
import io.postern.model.RetrievalOptions;
import io.postern.store.account.Account;
import io.postern.store.account.Accounts;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** How an account's messages are shown over a protocol. Exchange: Set-CASMailbox. */
@Path("/admin/v1/accounts/{name}/protocol-settings/{protocol}")
@Tag(name = "accounts")
@RolesAllowed({ADMIN, SERVER_ADMIN, VIEWER})
public class ProtocolSettingsResource {
  /**
   * The settings of an account for a protocol.
   *
   * @param useProtocolDefaults whether the mailbox plan or the settings of the server decide, and
   *     the others here have no effect
   * @param messageRetrievalMimeFormat as in {@code mail.imap.message-retrieval-mime-format}
   * @param calendarItemRetrievalOption as in {@code mail.imap.calendar-item-retrieval-option}
   * @param suppressReadReceipt whether requests for read receipts are hidden
   * @param forceICalForCalendarRetrievalOption whether meeting requests are shown as iCalendar
   *     whatever {@code calendarItemRetrievalOption} is
   */
  public record ProtocolSettings(
      boolean useProtocolDefaults,
      String messageRetrievalMimeFormat,
      String calendarItemRetrievalOption,
      boolean suppressReadReceipt,
      boolean forceICalForCalendarRetrievalOption)
      implements Tagged {
    static ProtocolSettings of(RetrievalOptions options) {
      return new ProtocolSettings(
          options.useProtocolDefaults(),
          text(options.mimeFormat()),
          text(options.calendarFormat()),
          options.suppressReadReceipt(),
          options.forceICal());
    }

    @Override
    public String tag() {
      return "\"%s.%s.%s.%s.%s\""
          .formatted(
              useProtocolDefaults,
              messageRetrievalMimeFormat,
              calendarItemRetrievalOption,
              suppressReadReceipt,
              forceICalForCalendarRetrievalOption);
    }
  }

  /**
   * A partial update; an absent field is left unchanged.
   *
   * @param useProtocolDefaults whether the settings of the server decide
   * @param messageRetrievalMimeFormat a format of message bodies
   * @param calendarItemRetrievalOption a form of meeting requests
   * @param suppressReadReceipt whether requests for read receipts are hidden
   * @param forceICalForCalendarRetrievalOption whether meeting requests are always iCalendar
   */
  public record ProtocolSettingsChange(
      @Schema(description = "Whether the settings of the server decide")
          @Nullable Boolean useProtocolDefaults,
      @Schema(description = "The format of message bodies", examples = "text-only")
          @Nullable String messageRetrievalMimeFormat,
      @Schema(description = "The form of meeting requests", examples = "icalendar")
          @Nullable String calendarItemRetrievalOption,
      @Schema(description = "Whether requests for read receipts are hidden")
          @Nullable Boolean suppressReadReceipt,
      @Schema(description = "Whether meeting requests are always iCalendar")
          @Nullable Boolean forceICalForCalendarRetrievalOption) {
    static final ProtocolSettingsChange NONE =
        new ProtocolSettingsChange(null, null, null, null, null);

    /** Returns if all values are allowed. */
    void validate() {
      var errors = new ValidationErrors();
      check(errors, "messageRetrievalMimeFormat", messageRetrievalMimeFormat, MimeFormat.class);
      check(
          errors, "calendarItemRetrievalOption", calendarItemRetrievalOption, CalendarFormat.class);
      errors.throwIfAny();
    }

    /**
     * The options after the change.
     *
     * @throws ProblemException 409 for one that would have no effect
     */
    RetrievalOptions applyTo(RetrievalOptions before) {
      boolean defaults = or(useProtocolDefaults, before.useProtocolDefaults());
      boolean others =
          messageRetrievalMimeFormat != null
              || calendarItemRetrievalOption != null
              || suppressReadReceipt != null
              || forceICalForCalendarRetrievalOption != null;
      if (defaults && others) {
        throw ProblemException.conflict(
            "useProtocolDefaults is true: the other settings have no effect, so set it to false");
      }
      return new RetrievalOptions(
          defaults,
          value(MimeFormat.class, messageRetrievalMimeFormat).orElse(before.mimeFormat()),
          value(CalendarFormat.class, calendarItemRetrievalOption).orElse(before.calendarFormat()),
          or(suppressReadReceipt, before.suppressReadReceipt()),
          or(forceICalForCalendarRetrievalOption, before.forceICal()));
    }

    private static boolean or(@Nullable Boolean changed, boolean before) {
      return changed == null ? before : changed;
    }
  }

  private final Accounts accounts;
  private final Directory directory;

  ProtocolSettingsResource(Accounts accounts, Directory directory) {
    this.accounts = accounts;
    this.directory = directory;
  }

  /** Returns the settings of an account for a protocol. */
  @GET
  @Operation(summary = "Show how an account's messages are shown over imap or pop3")
  @APIResponse(
      responseCode = "200",
      description = "The settings; send their ETag as If-Match to change unchanged ones only")
  @APIResponse(responseCode = "404", description = "There is no such account or protocol")
  public Uni<ProtocolSettings> get(
      @PathParam("name") String name, @PathParam("protocol") String protocol) {
    var of = protocol(protocol);
    return directory.find(name).map(account -> settings(account, of));
  }

  /** Changes them. */
  @PATCH
  @RolesAllowed(ADMIN)
  @Operation(
      summary = "Change how an account's messages are shown over imap or pop3",
      description = "An absent field stays unchanged. New sessions are shown them so")
  @APIResponse(responseCode = "200", description = "The changed settings")
  @APIResponse(responseCode = "404", description = "There is no such account or protocol")
  @APIResponse(responseCode = "409", description = "The settings of the server decide")
  @APIResponse(responseCode = "412", description = "If-Match names another version")
  @APIResponse(responseCode = "422", description = "A value is not allowed")
  public Uni<ProtocolSettings> change(
      @PathParam("name") String name,
      @PathParam("protocol") String protocol,
      @Parameter(description = "Change them only while they have this ETag")
          @HeaderParam("If-Match")
          Optional<String> match,
      @Nullable ProtocolSettingsChange body) {
    var of = protocol(protocol);
    var change = Objects.requireNonNullElse(body, ProtocolSettingsChange.NONE);
    change.validate();
    return directory
        .id(name)
        .flatMap(
            id ->
                accounts.setOptions(
                    id, options -> options.with(of, changed(match, options.of(of), change))))
        .map(found -> found.orElseThrow(() -> Directory.unknown(name)))
        .map(account -> settings(account, of));
  }

  private static RetrievalOptions changed(
      Optional<String> match, RetrievalOptions before, ProtocolSettingsChange change) {
    IfMatch.require(match, ProtocolSettings.of(before).tag());
    return change.applyTo(before);
  }

  private static ProtocolSettings settings(Account account, MailProtocol protocol) {
    return ProtocolSettings.of(account.ownOptions().of(protocol));
  }

  private static MailProtocol protocol(String name) {
    return switch (name) {
      case "imap" -> MailProtocol.IMAP;
      case "pop3" -> MailProtocol.POP3;
      default ->
          throw ProblemException.notFound("Messages are shown over imap and pop3, not " + name);
    };
  }

  private static <E extends Enum<E>> void check(
      ValidationErrors errors, String field, @Nullable String given, Class<E> type) {
    if (given != null && value(type, given).isEmpty()) {
      var allowed =
          Arrays.stream(type.getEnumConstants())
              .map(ProtocolSettingsResource::text)
              .collect(Collectors.joining(", "));
      errors.add(field, given, allowed);
    }
  }

  private static <E extends Enum<E>> Optional<E> value(Class<E> type, @Nullable String given) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> text(constant).equals(given))
        .findFirst();
  }

  private static String text(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
