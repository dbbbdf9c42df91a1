package io.postern.imap.response;

import java.util.Set;
import java.util.TreeSet;

/**
 * The extensions that a client enabled (RFC 5161 §3.1), and how they change responses.
 *
 * @param names in capitals
 */
public record EnabledExtensions(Set<String> names) {
  /** None: every session begins so. */
  public static final EnabledExtensions NONE = new EnabledExtensions(Set.of());

  public EnabledExtensions {
    names = Set.copyOf(names);
  }

  /** These and others. */
  public EnabledExtensions with(Set<String> more) {
    var all = new TreeSet<>(names);
    all.addAll(more);
    return new EnabledExtensions(all);
  }

  /** Whether mod-sequences are shown with flags (RFC 7162 §3.1). QRESYNC includes it. */
  public boolean condStore() {
    return names.contains("CONDSTORE") || qresync();
  }

  /** Whether expunged messages are shown by UID (RFC 7162 §3.2). */
  public boolean qresync() {
    return names.contains("QRESYNC");
  }

  /** Whether no sequence numbers are shown (RFC 9586 §3). */
  public boolean uidOnly() {
    return names.contains("UIDONLY");
  }

  /** Whether names are shown in UTF-8 (RFC 6855 §3; RFC 9051 §5.1). */
  public boolean utf8() {
    return utf8Accept() || rev2();
  }

  /** Whether UTF-8 is the one charset of commands, too (RFC 6855 §3). */
  public boolean utf8Accept() {
    return names.contains("UTF8=ACCEPT");
  }

  /** Whether the session speaks IMAP4rev2 (RFC 9051). */
  public boolean rev2() {
    return names.contains("IMAP4REV2");
  }
}
