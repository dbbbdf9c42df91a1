package io.postern.imap.grammar;

import io.postern.imap.grammar.SearchText.KeyReader;
import io.postern.model.message.Criterion;
import io.postern.model.message.Criterion.When;
import io.postern.model.message.SystemFlag;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The search keys of RFC 3501 §6.4.4. */
final class SearchKeys {
  /** The readers by name in upper case. */
  static final Map<String, KeyReader> BASE = base();

  private SearchKeys() {}

  private static Map<String, KeyReader> base() {
    var keys = new HashMap<String, KeyReader>();
    logic(keys);
    flags(keys);
    days(keys);
    texts(keys);
    keys.put("LARGER", in -> new Criterion.Larger(octets(in)));
    keys.put("SMALLER", in -> new Criterion.Smaller(octets(in)));
    return Map.copyOf(keys);
  }

  private static void logic(Map<String, KeyReader> keys) {
    keys.put("ALL", _ -> new Criterion.All());
    keys.put("NOT", in -> new Criterion.Not(in.nested()));
    keys.put("OR", in -> new Criterion.Or(in.nested(), in.nested()));
    keys.put("UID", SearchText::uids);
  }

  private static void flags(Map<String, KeyReader> keys) {
    for (var flag : SystemFlag.values()) {
      var has = new Criterion.HasFlag(flag);
      keys.put(flag.name(), _ -> has);
      keys.put("UN" + flag.name(), _ -> new Criterion.Not(has));
    }
    var recent = new Criterion.Recent();
    var unseen = new Criterion.Not(new Criterion.HasFlag(SystemFlag.SEEN));
    keys.put("RECENT", _ -> recent);
    keys.put("OLD", _ -> new Criterion.Not(recent));
    keys.put("NEW", _ -> new Criterion.And(List.of(recent, unseen)));
    keys.put("KEYWORD", SearchKeys::keyword);
    keys.put("UNKEYWORD", in -> new Criterion.Not(keyword(in)));
  }

  private static Criterion keyword(SearchText in) throws BadSyntax {
    in.arguments().space();
    return new Criterion.HasKeyword(FlagText.keyword(in.arguments()));
  }

  private static void days(Map<String, KeyReader> keys) {
    for (var when : When.values()) {
      keys.put(when.name(), in -> new Criterion.InternalDay(when, day(in)));
      keys.put("SENT" + when.name(), in -> new Criterion.SentDay(when, day(in)));
    }
  }

  private static LocalDate day(SearchText in) throws BadSyntax {
    in.arguments().space();
    return DateText.date(in.arguments());
  }

  private static long octets(SearchText in) throws BadSyntax {
    in.arguments().space();
    return in.arguments().number64();
  }

  private static void texts(Map<String, KeyReader> keys) {
    keys.put("BODY", in -> new Criterion.Body(in.text()));
    keys.put("TEXT", in -> new Criterion.Text(in.text()));
    keys.put("SUBJECT", in -> new Criterion.Header("Subject", in.text()));
    keys.put("HEADER", in -> new Criterion.Header(in.text(), in.text()));
    for (var field : new String[] {"Bcc", "Cc", "From", "To"}) {
      keys.put(field.toUpperCase(Locale.ROOT), in -> new Criterion.Addresses(field, in.text()));
    }
  }
}
