package io.postern.imap.notify;

import io.postern.imap.spi.CommandContext;
import io.postern.model.Ids.AccountId;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/**
 * What clients that have enabled METADATA are sent of changes by others (RFC 5464 §4.4): the names
 * of annotations, whatever they ask for by NOTIFY.
 */
public final class UnsolicitedMetadata {
  /** Its name for ENABLE. */
  public static final String NAME = "METADATA";

  private UnsolicitedMetadata() {}

  /** Whether the client has enabled it. */
  public static boolean isEnabled(CommandContext context) {
    return context.enabled().names().contains(NAME);
  }

  /**
   * Watches the annotations from now on, besides what the client hears of already. If there are too
   * many, the client is sent that.
   */
  public static Uni<Void> watch(CommandContext context, AccountId account) {
    var before = WatchedMailboxes.watched(context);
    var filter = before.map(WatchedMailboxes::filter).orElseGet(EventFilter::new);
    filter.addAnnotations();
    var watched = new WatchedMailboxes(context, account, filter, before);
    context.listener().notifications(Optional.of(watched));
    return watched
        .start(false)
        .invoke(
            done -> {
              if (!done) {
                watched.overflow();
              }
            })
        .replaceWithVoid();
  }
}
