-- Which contents have more octets when every line is ended by CRLF, or are not measured yet. Built while
-- replicas read and deliver; one that a build left unfinished is built anew.
DROP INDEX CONCURRENTLY IF EXISTS content_crlf_size;
CREATE INDEX CONCURRENTLY content_crlf_size ON content (account, id) WHERE crlf_size IS DISTINCT FROM size;
