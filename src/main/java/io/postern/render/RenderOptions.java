package io.postern.render;

import io.postern.model.MimeFormat;
import java.util.Optional;

/**
 * How messages are shown.
 *
 * @param format of the body
 * @param calendarLink what a link in place of a meeting request begins with, up to the id of the
 *     message; empty when meeting requests are shown as they are
 * @param suppressReadReceipt whether the header is shown without requests for receipts
 */
public record RenderOptions(
    MimeFormat format, Optional<String> calendarLink, boolean suppressReadReceipt) {
  /** All messages are shown as they are stored. */
  public static final RenderOptions STORED =
      new RenderOptions(MimeFormat.BEST_BODY_FORMAT, Optional.empty(), false);

  /** Whether all messages are shown as they are stored. */
  public boolean showsStored() {
    return equals(STORED);
  }
}
