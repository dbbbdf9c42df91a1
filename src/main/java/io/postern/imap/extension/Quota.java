package io.postern.imap.extension;

import io.postern.config.LiveSettings;
import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.imap.grammar.MailboxArgument;
import io.postern.imap.response.Untagged;
import io.postern.imap.response.Untagged.QuotaResource;
import io.postern.imap.response.Untagged.StatusData;
import io.postern.imap.spi.Command;
import io.postern.imap.spi.CommandContext;
import io.postern.imap.spi.Extension;
import io.postern.imap.spi.ImapPorts;
import io.postern.imap.spi.StatusItem;
import io.postern.imap.spi.Verb;
import io.postern.imap.state.ConnectionState;
import io.postern.imap.state.ErrorResponses;
import io.postern.imap.state.Outcome;
import io.postern.imap.state.State;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.postern.model.message.SystemFlag;
import io.postern.store.account.Quotas;
import io.postern.store.sharing.OtherUsers;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;

/**
 * QUOTA (RFC 9208) with STORAGE, MESSAGE, MAILBOX and ANNOTATION-STORAGE: one quota root, {@code
 * ""}, for all mailboxes of an account. SETQUOTA is not offered: administrators, whose accounts no
 * mail protocol opens, set levels by the admin API.
 */
public final class Quota implements Extension {
  private static final String ROOT = "";

  /** RFC 9208 §5.1: the unit of STORAGE. */
  private static final long UNIT = 1_024;

  @Override
  public int rfc() {
    return 9208;
  }

  @Override
  public List<String> capabilities(ConnectionState connectionState) {
    return List.of(
        "QUOTA",
        "QUOTA=RES-STORAGE",
        "QUOTA=RES-MESSAGE",
        "QUOTA=RES-MAILBOX",
        "QUOTA=RES-ANNOTATION-STORAGE");
  }

  @Override
  public List<Verb> verbs() {
    return List.of(
        Verb.of("GETQUOTA", Quota::parseGetQuota),
        Verb.of("GETQUOTAROOT", Quota::parseGetQuotaRoot));
  }

  /** RFC 9208 §4.1.4 */
  @Override
  public List<StatusItem> statusItems() {
    return List.of(new StatusItem("DELETED-STORAGE", Quota::deletedStorage));
  }

  /**
   * The octets of the messages with {@code \Deleted}, from the index: there is no counter of them.
   */
  private static Uni<StatusData> deletedStorage(
      ImapPorts ports, MailboxKey mailbox, MailboxState state) {
    var octets =
        state.exists() == 0
            ? Uni.createFrom().item(0L)
            : ports
                .indexes()
                .current(mailbox)
                .map(
                    index -> {
                      long sum = 0;
                      for (var rows = index.rows(); rows.next(); ) {
                        sum += (rows.flags() & SystemFlag.DELETED.bit()) == 0 ? 0 : rows.size();
                      }
                      return sum;
                    });
    return octets.map(it -> new StatusData.Counter("DELETED-STORAGE", it));
  }

  private static Command parseGetQuota(Arguments in, CommandContext context) throws BadSyntax {
    in.space();
    var root = in.astring("a quota root");
    in.end();
    return new GetQuota(root);
  }

  private static Command parseGetQuotaRoot(Arguments in, CommandContext context) throws BadSyntax {
    in.space();
    var mailbox = in.mailbox();
    in.end();
    return new GetQuotaRoot(mailbox);
  }

  /** Reads the quota and what the account has besides messages, together. */
  private static Uni<Untagged> read(CommandContext context, State.LoggedIn state) {
    var quotas = context.ports().quotas();
    var account = state.identity().account();
    return Uni.combine()
        .all()
        .unis(quotas.of(account), quotas.holdings(account))
        .with((quota, held) -> response(quota, held, context.ports().live().now().mailbox()));
  }

  /**
   * The response; resources without a limit are left out (RFC 9208 §4.2.1). Usage is rounded up, so
   * that it is at the limit whenever nothing more fits.
   */
  private static Untagged response(
      Quotas.Quota quota, Quotas.Holdings held, LiveSettings.Mailbox limits) {
    var resources = new ArrayList<QuotaResource>();
    quota
        .inForce()
        .prohibitReceive()
        .ifPresent(most -> resources.add(octets("STORAGE", quota.usage().octets(), most)));
    quota
        .inForce()
        .messages()
        .ifPresent(
            most -> resources.add(new QuotaResource("MESSAGE", quota.usage().messages(), most)));
    resources.add(new QuotaResource("MAILBOX", held.mailboxes(), limits.maxMailboxes()));
    long most = limits.maxAnnotationStorage().asLongValue();
    resources.add(octets("ANNOTATION-STORAGE", held.annotationOctets(), most));
    return new Untagged.Quota(ROOT, resources);
  }

  private static QuotaResource octets(String name, long usage, long most) {
    return new QuotaResource(name, Math.ceilDiv(usage, UNIT), most / UNIT);
  }

  /** GETQUOTA (RFC 9208 §4.1.1). */
  private record GetQuota(String root) implements Command.User {
    @Override
    public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
      if (!root.equals(ROOT)) {
        return Outcome.no("NONEXISTENT", "There is no such quota root.").now();
      }
      return read(context, state)
          .invoke(context.reply()::send)
          .replaceWith(Outcome.ok("GETQUOTA completed."));
    }
  }

  /** GETQUOTAROOT (RFC 9208 §4.1.2); the mailbox need not exist. */
  private record GetQuotaRoot(MailboxArgument mailbox) implements Command.User {
    @Override
    public Uni<Outcome> run(CommandContext context, State.LoggedIn state) {
      return mailbox
          .valid()
          .map(
              name ->
                  OtherUsers.contains(name)
                      ? showOther(context, state, name)
                      : show(context, state, name))
          .orElseGet(() -> ErrorResponses.noSuchMailbox().now());
    }

    /** What others keep is theirs to know: their mailboxes are shown without a root. */
    private Uni<Outcome> showOther(CommandContext context, State.LoggedIn state, MailboxName name) {
      return context
          .find(state.identity(), mailbox)
          .map(
              found -> {
                if (found.isEmpty()) {
                  return ErrorResponses.noSuchMailbox();
                }
                context.reply().send(new Untagged.QuotaRoot(name, List.of()));
                return Outcome.ok("GETQUOTAROOT completed.");
              });
    }

    private static Uni<Outcome> show(
        CommandContext context, State.LoggedIn state, MailboxName name) {
      return read(context, state)
          .invoke(
              response -> {
                context.reply().send(new Untagged.QuotaRoot(name, List.of(ROOT)));
                context.reply().send(response);
              })
          .replaceWith(Outcome.ok("GETQUOTAROOT completed."));
    }
  }
}
