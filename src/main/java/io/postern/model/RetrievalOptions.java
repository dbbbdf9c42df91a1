package io.postern.model;

/**
 * How a mailbox's messages are shown over one protocol. Exchange: Set-CASMailbox.
 *
 * @param useProtocolDefaults whether the settings of the protocol decide, and all else here has no
 *     effect. Exchange: ImapUseProtocolDefaults, PopUseProtocolDefaults
 * @param mimeFormat of bodies. Exchange: ImapMessagesRetrievalMimeFormat,
 *     PopMessagesRetrievalMimeFormat
 * @param calendarFormat of meeting requests
 * @param suppressReadReceipt whether requests for receipts are hidden. Exchange:
 *     ImapSuppressReadReceipt, PopSuppressReadReceipt
 * @param forceICal whether meeting requests are shown as iCalendar whatever the settings of the
 *     protocol and {@code calendarFormat} say. Exchange: ImapForceICalForCalendarRetrievalOption,
 *     PopForceICalForCalendarRetrievalOption
 */
public record RetrievalOptions(
    boolean useProtocolDefaults,
    MimeFormat mimeFormat,
    CalendarFormat calendarFormat,
    boolean suppressReadReceipt,
    boolean forceICal) {
  /** The settings of the protocol decide. */
  public static final RetrievalOptions DEFAULTS =
      new RetrievalOptions(
          true, MimeFormat.BEST_BODY_FORMAT, CalendarFormat.ICALENDAR, false, false);
}
