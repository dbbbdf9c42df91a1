package io.postern.model;

/** The form in which a meeting request is shown. Exchange: CalendarItemRetrievalOption. */
public enum CalendarFormat {
  /** As iCalendar (RFC 5545), as it is stored. */
  ICALENDAR,
  /** As a link to the web client at its internal name. */
  INTRANET_URL,
  /** As a link to the web client at its external name. */
  INTERNET_URL,
  /** As a link to the web client at a URL that the settings give. */
  CUSTOM
}
