-- What SEARCH keeps of a content: decoded header fields, and a signature of its text. Made after the
-- delivery or the first search; what has no row is searched as before. The version before knows nothing
-- of it and runs beside this one: a content that it deletes takes its row along.

-- Rather fail, and be tried again at the next start, than have all deliveries wait behind this.
SET LOCAL lock_timeout = '10s';

CREATE TABLE content_search (
  account bigint NOT NULL,
  content bigint NOT NULL,
  -- Of the two columns, whose encodings IndexedText and TrigramSet of io.postern.mime.text describe.
  format integer NOT NULL,
  -- NULL when the fields are too long to be kept.
  fields bytea,
  -- NULL when the text is too long.
  signature bytea,
  PRIMARY KEY (account, content),
  FOREIGN KEY (account, content) REFERENCES content ON DELETE CASCADE
) WITH (toast_tuple_target = 4080);
-- Half of a signature's bits are random: there is nothing to compress.
ALTER TABLE content_search ALTER COLUMN signature SET STORAGE EXTERNAL;
