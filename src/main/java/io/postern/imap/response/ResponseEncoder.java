package io.postern.imap.response;

import io.postern.imap.grammar.MailboxText;
import io.postern.imap.response.Untagged.ReturnData;
import io.postern.imap.response.Untagged.StatusData;
import io.postern.model.MailboxName;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Writes responses as this client wants them: the only place that knows their text. What ENABLE
 * switched on changes the text, never the values. Not safe for several threads.
 */
public final class ResponseEncoder {
  private boolean condStore;
  private boolean vanished;
  private boolean uidOnly;
  private boolean utf8;
  private boolean rev2;

  /** The greatest mod-sequence in the data of messages since the last tagged line; 0 for none. */
  private long modSeqShown;

  /** Encodes for these extensions from now on. */
  public void enabled(EnabledExtensions enabled) {
    condStore = enabled.condStore();
    vanished = enabled.qresync() || enabled.uidOnly();
    uidOnly = enabled.uidOnly();
    utf8 = enabled.utf8();
    rev2 = enabled.rev2();
  }

  /** Whether mod-sequences are shown with flags. */
  boolean showsModSeq() {
    return condStore;
  }

  /** Whether the data of a message begin with its UID in place of its number. */
  boolean beginsWithUid() {
    return uidOnly;
  }

  /** The greatest mod-sequence in the data of messages since the last tagged line; 0 for none. */
  long modSeqShown() {
    return modSeqShown;
  }

  /** Whether expunged messages are shown by UID, many at once. */
  boolean showsVanished() {
    return vanished;
  }

  /** Whether the result of every SEARCH is an ESEARCH response. */
  boolean showsEsearch() {
    return rev2;
  }

  /** Writes a tagged line. */
  public void tagged(String tag, StatusResponse response, ResponseText out) {
    modSeqShown = 0;
    status(response, out.raw(tag).space());
    out.crlf();
  }

  /** Writes an untagged response with its line end; nothing if this client has no such response. */
  public void untagged(Untagged response, ResponseText out) {
    if (rev2 && response instanceof Untagged.Recent) {
      return;
    }
    out.raw("* ");
    switch (response) {
      // First, as there are many of them.
      case Untagged.MessageData data -> message(data, out);
      case Untagged.Status(var status) -> status(status, out);
      case Untagged.Capability(var names) -> words(names, out.raw("CAPABILITY"));
      case Untagged.Enabled(var names) -> enabled(names, out.raw("ENABLED"));
      case Untagged.Flags(long bits, var keywords) ->
          out.raw("FLAGS ").flags(bits, keywords, false);
      case Untagged.Exists(long messages) -> out.number(messages).raw(" EXISTS");
      case Untagged.Recent(long messages) -> out.number(messages).raw(" RECENT");
      case Untagged.Expunged expunged -> expunged(expunged, out);
      case Untagged.Vanished(var uids, boolean earlier) ->
          out.raw(earlier ? "VANISHED (EARLIER) " : "VANISHED ").set(uids);
      case Untagged.MessageFlags flags -> flags(flags, out);
      case Untagged.Esearch esearch -> esearch(esearch, out);
      case Untagged.Listed listed -> listed(listed, out);
      case Untagged.MailboxStatus status -> mailboxStatus(status, out);
      case Untagged.AccountData data -> account(data, out);
    }
    out.crlf();
  }

  private void account(Untagged.AccountData response, ResponseText out) {
    switch (response) {
      case Untagged.UidBatches batches -> AccountText.uidBatches(batches, out);
      case Untagged.Namespaces namespaces -> AccountText.namespaces(namespaces, out);
      case Untagged.Acl(var mailbox, var entries) -> {
        mailbox(mailbox, out.raw("ACL "));
        entries.forEach(it -> out.space().astring(it.identifier()).space().astring(it.rights()));
      }
      case Untagged.ListRights rights -> {
        mailbox(rights.mailbox(), out.raw("LISTRIGHTS "));
        AccountText.listRights(rights, out);
      }
      case Untagged.MyRights(var mailbox, var rights) -> {
        mailbox(mailbox, out.raw("MYRIGHTS "));
        out.space().string(rights);
      }
      case Untagged.QuotaRoot(var mailbox, var roots) -> {
        mailbox(mailbox, out.raw("QUOTAROOT "));
        roots.forEach(root -> out.space().string(root));
      }
      case Untagged.Quota quota -> AccountText.quota(quota, out);
      case Untagged.Metadata(var mailbox, var annotations) -> {
        mailboxOrServer(mailbox, out.raw("METADATA "));
        AccountText.annotations(annotations, out.space());
      }
      case Untagged.ChangedMetadata(var mailbox, var entries) -> {
        mailboxOrServer(mailbox, out.raw("METADATA "));
        entries.forEach(entry -> out.space().astring(entry));
      }
      case Untagged.Languages(var tags) -> AccountText.strings(tags, out.raw("LANGUAGE "));
      case Untagged.Id(var parameters) -> AccountText.parameters(parameters, out.raw("ID "));
    }
  }

  private static void words(Iterable<String> words, ResponseText out) {
    words.forEach(word -> out.space().raw(word));
  }

  /** Names as CAPABILITY shows them: one alone is not in capitals. */
  private static void enabled(Iterable<String> names, ResponseText out) {
    names.forEach(name -> out.space().raw(name.equals("IMAP4REV2") ? "IMAP4rev2" : name));
  }

  private static void status(StatusResponse response, ResponseText out) {
    out.raw(response.condition().name()).space();
    if (response.code().isPresent()) {
      code(response.code().get(), out.raw('['));
      out.raw("] ");
    }
    out.text(response.text());
  }

  private static void code(ResponseCode code, ResponseText out) {
    switch (code) {
      case ResponseCode.Atom(var name) -> out.raw(name);
      case ResponseCode.Referral(var url) -> out.raw("REFERRAL ").raw(url);
      case ResponseCode.HomeUnavailable() -> out.raw("UNAVAILABLE");
      case ResponseCode.ObjectId(var name, var id) -> objectId(name, id, out);
      case ResponseCode.Numeric(var name, long value) -> out.raw(name).space().number(value);
      case ResponseCode.MessageLimit(long most, var lowest) -> {
        out.raw("MESSAGELIMIT ").number(most);
        lowest.ifPresent(uid -> out.space().number(uid));
      }
      case ResponseCode.Capability(var names) -> words(names, out.raw("CAPABILITY"));
      case ResponseCode.BadCharset(var supported) ->
          out.raw("BADCHARSET (").raw(String.join(" ", supported)).raw(')');
      case ResponseCode.BadEvent(var supported) ->
          out.raw("BADEVENT (").raw(String.join(" ", supported)).raw(')');
      case ResponseCode.NoUpdate(var tag) -> out.raw("NOUPDATE ").string(tag);
      case ResponseCode.BadUrl(var url) -> out.raw("BADURL ").text(url.replace(']', '?'));
      case ResponseCode.InProgress(var tag, var done, var goal) -> {
        progress(done, out.raw("INPROGRESS (").string(tag).space());
        progress(goal, out.space());
        out.raw(')');
      }
      case ResponseCode.PermanentFlags(long bits, var keywords, boolean any) ->
          out.raw("PERMANENTFLAGS ").flags(bits, keywords, any ? "\\*" : "");
      case ResponseCode.AppendUid(var uidValidity, var uids) ->
          out.raw("APPENDUID ").number(uidValidity.value()).space().set(uids);
      case ResponseCode.CopyUid(var uidValidity, var from, var to) ->
          out.raw("COPYUID ").number(uidValidity.value()).space().set(from).space().set(to);
      case ResponseCode.Numbers(var name, var numbers) -> out.raw(name).space().set(numbers);
    }
  }

  private static void progress(OptionalLong steps, ResponseText out) {
    steps.ifPresentOrElse(out::number, out::nil);
  }

  private static void objectId(String name, String id, ResponseText out) {
    out.raw(name).raw(" (").raw(id).raw(')');
  }

  private void expunged(Untagged.Expunged expunged, ResponseText out) {
    if (vanished) {
      out.raw("VANISHED ").number(expunged.uid());
    } else {
      out.number(expunged.number()).raw(" EXPUNGE");
    }
  }

  /** Writes the beginning of a message's data: its number, or its UID under UIDONLY. */
  void beginMessage(long number, long uid, ResponseText out) {
    out.number(uidOnly ? uid : number).raw(uidOnly ? " UIDFETCH (" : " FETCH (");
  }

  private void message(Untagged.MessageData data, ResponseText out) {
    beginMessage(data.number(), data.uid(), out);
    for (int i = 0; i < data.items().size(); i++) {
      item(data.items().get(i), i == 0 ? out : out.space());
    }
    out.raw(')');
  }

  private void flags(Untagged.MessageFlags message, ResponseText out) {
    beginMessage(message.number(), message.uid(), out);
    // RFC 7162 §3.2.4
    if ((message.withUid() || vanished || condStore) && !uidOnly) {
      out.raw("UID ").number(message.uid()).space();
    }
    item(message.flags(), out);
    if (condStore) {
      item(new FetchData.ModSequence(message.modSeq()), out.space());
    }
    out.raw(')');
  }

  /** Writes an item that is in memory, or the beginning of a streamed one up to its octets. */
  void item(FetchData item, ResponseText out) {
    switch (item) {
      case FetchData.Numeric(var name, long value) -> out.raw(name).space().number(value);
      case FetchData.ObjectId(var name, var id) -> {
        if (id.isPresent()) {
          objectId(name, id.get(), out);
        } else {
          out.raw(name).space().nil();
        }
      }
      case FetchData.Text(var name, var text) -> out.raw(name).space().nstring(text);
      case FetchData.ModSequence(long value) -> {
        modSeqShown = Math.max(modSeqShown, value);
        out.raw("MODSEQ (").number(value).raw(')');
      }
      case FetchData.FlagList(long bits, var keywords, boolean recent) ->
          out.raw("FLAGS ").flags(bits, keywords, recent && !rev2);
      case FetchData.Date(var name, var date) -> out.raw(name).space().internalDate(date);
      case FetchData.Encoded(var name, var value) -> out.raw(name).space().raw(value);
      case FetchData.Section(var label, var octets, boolean literal8) -> {
        out.raw(label).space();
        octets.ifPresentOrElse(it -> literalOf(it.length(), literal8, out).raw(it), out::nil);
      }
      case FetchData.Streamed(var label, long length, boolean literal8, _) ->
          literalOf(length, literal8, out.raw(label).space());
    }
  }

  private static ResponseText literalOf(long octets, boolean literal8, ResponseText out) {
    return (literal8 ? out.raw('~') : out).literalOf(octets);
  }

  private void esearch(Untagged.Esearch esearch, ResponseText out) {
    out.raw("ESEARCH (TAG ").string(esearch.tag());
    esearch
        .source()
        .ifPresent(
            source -> {
              mailbox(source.mailbox(), out.raw(" MAILBOX "));
              out.raw(" UIDVALIDITY ").number(source.uidValidity().value());
            });
    out.raw(')').raw(esearch.byUid() ? " UID" : "");
    for (var data : esearch.data()) {
      switch (data) {
        case ReturnData.Numeric(var name, long value) ->
            out.space().raw(name).space().number(value);
        case ReturnData.Numbers(var name, _) -> numbers(data, out.space().raw(name).space());
        case ReturnData.Update(var name, _) -> numbers(data, out.space().raw(name).raw(" (0 "));
        case ReturnData.Placed(var name, _, _) -> numbers(data, out.space().raw(name).raw(" ("));
        case ReturnData.Relevancies _ -> numbers(data, out.raw(" RELEVANCY ("));
        case ReturnData.Ordered(var name, _) -> numbers(data, out.space().raw(name).space());
        case ReturnData.Partial(var range, var found) -> {
          out.raw(" PARTIAL (").raw(range).space();
          found.ifPresentOrElse(it -> numbers(it, out), out::nil);
          out.raw(')');
        }
      }
    }
  }

  private static void numbers(ReturnData data, ResponseText out) {
    switch (data) {
      case ReturnData.Numeric(_, long value) -> out.number(value);
      case ReturnData.Numbers(_, var numbers) -> out.set(numbers);
      case ReturnData.Update(_, var numbers) -> out.set(numbers).raw(')');
      case ReturnData.Placed(_, var places, var numbers) -> {
        for (int i = 0; i < numbers.length; i++) {
          (i == 0 ? out : out.space()).number(places[i]).space().number(numbers[i]);
        }
        out.raw(')');
      }
      case ReturnData.Relevancies(var scores) -> AccountText.scores(scores, out);
      case ReturnData.Ordered(_, var numbers) -> ordered(numbers, out);
      case ReturnData.Partial partial -> partial.numbers().ifPresent(it -> numbers(it, out));
    }
  }

  /** RFC 5267 §3.1: numbers that ascend by one are a range. */
  private static void ordered(long[] numbers, ResponseText out) {
    for (int i = 0; i < numbers.length; i++) {
      int first = i;
      while (i + 1 < numbers.length && numbers[i + 1] == numbers[i] + 1) {
        i++;
      }
      (first == 0 ? out : out.raw(',')).number(numbers[first]);
      if (i > first) {
        out.raw(':').number(numbers[i]);
      }
    }
  }

  private void listed(Untagged.Listed listed, ResponseText out) {
    out.raw(listed.listing().name()).raw(" (");
    out.raw(String.join(" ", listed.attributes())).raw(") \"/\" ");
    mailboxOrServer(listed.name(), out);
    char before = '(';
    for (var item : listed.extended()) {
      out.raw(before == '(' ? " (" : " ").string(item.tag()).raw(" (");
      for (int i = 0; i < item.values().size(); i++) {
        var value = item.values().get(i);
        (i == 0 ? out : out.space())
            .string(item.names() && !utf8 ? MailboxText.encode(value) : value);
      }
      out.raw(')');
      before = ' ';
    }
    if (before == ' ') {
      out.raw(')');
    }
  }

  private void mailboxStatus(Untagged.MailboxStatus status, ResponseText out) {
    mailbox(status.name(), out.raw("STATUS "));
    char before = '(';
    out.space();
    for (var data : status.data()) {
      out.raw(before);
      switch (data) {
        case StatusData.Counter(var item, long value) -> out.raw(item).space().number(value);
        case StatusData.ObjectId(var item, var id) -> objectId(item, id, out);
      }
      before = ' ';
    }
    out.raw(')');
  }

  private void mailboxOrServer(Optional<MailboxName> name, ResponseText out) {
    name.ifPresentOrElse(it -> mailbox(it, out), () -> out.raw("\"\""));
  }

  /** RFC 6855 §3: a client that accepts UTF-8 gets names in it, others in modified UTF-7. */
  private void mailbox(MailboxName name, ResponseText out) {
    if (utf8) {
      out.utf8(name.value());
    } else {
      out.astring(MailboxText.encode(name));
    }
  }
}
