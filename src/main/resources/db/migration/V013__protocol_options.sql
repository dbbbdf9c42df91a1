-- How an account's messages are shown over a protocol, where its own options are used and not the protocol's settings.
-- The formats are numbered as in Exchange: MessageRetrievalMimeFormat, CalendarItemRetrievalOption.
ALTER TABLE account
    ADD COLUMN imap_use_protocol_defaults boolean NOT NULL DEFAULT true,
    ADD COLUMN imap_mime_format smallint NOT NULL DEFAULT 5 CHECK (imap_mime_format BETWEEN 0 AND 6),
    ADD COLUMN imap_calendar_format smallint NOT NULL DEFAULT 0 CHECK (imap_calendar_format BETWEEN 0 AND 3),
    ADD COLUMN imap_suppress_read_receipt boolean NOT NULL DEFAULT false,
    ADD COLUMN imap_force_ical boolean NOT NULL DEFAULT false,
    ADD COLUMN pop_use_protocol_defaults boolean NOT NULL DEFAULT true,
    ADD COLUMN pop_mime_format smallint NOT NULL DEFAULT 5 CHECK (pop_mime_format BETWEEN 0 AND 6),
    ADD COLUMN pop_calendar_format smallint NOT NULL DEFAULT 0 CHECK (pop_calendar_format BETWEEN 0 AND 3),
    ADD COLUMN pop_suppress_read_receipt boolean NOT NULL DEFAULT false,
    ADD COLUMN pop_force_ical boolean NOT NULL DEFAULT false;
