package io.postern.sessions;

import static io.postern.sessions.ResponseSyntax.word;

import io.postern.imap.response.EnabledExtensions;
import java.util.List;
import java.util.Set;

/** Which responses may come with what is enabled. */
final class VariantRules {
  private final EnabledExtensions enabled;
  private final boolean uidWanted;

  /**
   * @param uidWanted whether the client asked for the UID as an item
   */
  VariantRules(EnabledExtensions enabled, boolean uidWanted) {
    this.enabled = enabled;
    this.uidWanted = uidWanted;
  }

  /** Fails with the reason unless the data may be sent while the command runs. */
  void check(List<Node> fields, SentCommand running) {
    var numbered = ResponseSyntax.isNumber(word(fields.getFirst()));
    switch (numbered ? word(fields.get(1)) : word(fields.getFirst())) {
      case "RECENT" -> must(!enabled.rev2(), "no RECENT (RFC 9051 Appendix E)");
      case "SEARCH" -> must(!enabled.rev2(), "ESEARCH in place of SEARCH (RFC 9051 Appendix E)");
      case "EXPUNGE" -> must(!vanishes(), "VANISHED in place of EXPUNGE (RFC 7162 §3.2.10)");
      case "VANISHED" -> must(vanishes(), "EXPUNGE in place of VANISHED");
      case "FETCH" -> {
        must(!enabled.uidOnly(), "UIDFETCH in place of FETCH (RFC 9586 §3)");
        items(((Node.Row) fields.get(2)).items(), running);
      }
      case "UIDFETCH" -> {
        must(enabled.uidOnly(), "FETCH in place of UIDFETCH");
        items(((Node.Row) fields.get(2)).items(), running);
      }
      case "ESEARCH" ->
          must(
              !enabled.uidOnly()
                  || fields.stream().anyMatch(it -> word(it).equals("UID"))
                  || !numbers(fields),
              "UIDs in ESEARCH (RFC 9586 §3.5)");
      default -> {}
    }
  }

  private boolean vanishes() {
    return enabled.qresync() || enabled.uidOnly();
  }

  private static boolean numbers(List<Node> fields) {
    return fields.stream()
        .anyMatch(
            it -> Set.of("ALL", "MIN", "MAX", "PARTIAL", "ADDTO", "REMOVEFROM").contains(word(it)));
  }

  private void items(List<Node> items, SentCommand running) {
    var flags = items.indexOf(new Node.Word("FLAGS"));
    if (flags >= 0 && enabled.rev2()) {
      var shown = ((Node.Row) items.get(flags + 1)).items();
      must(
          shown.stream().noneMatch(it -> word(it).equals("\\RECENT")),
          "no \\Recent (RFC 9051 Appendix E)");
    }
    must(!enabled.uidOnly() || uidWanted || !has(items, "UID"), "the UID once (RFC 9586 §3.3)");
    if (flags >= 0 && enabled.qresync() && !running.fetchesFlags()) {
      must(has(items, "MODSEQ"), "MODSEQ beside flags (RFC 7162 §3.1)");
      must(enabled.uidOnly() || has(items, "UID"), "UID beside flags (RFC 7162 §3.2.4)");
    }
  }

  private static boolean has(List<Node> items, String name) {
    return items.stream().anyMatch(it -> word(it).equals(name));
  }

  private static void must(boolean allowed, String wanted) {
    if (!allowed) {
      throw new AssertionError("not as enabled: want " + wanted);
    }
  }
}
