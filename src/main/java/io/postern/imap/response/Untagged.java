package io.postern.imap.response;

import io.postern.model.MailboxName;
import io.postern.model.NumberSet;
import io.postern.model.UidValidity;
import io.postern.model.message.Keywords;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** An untagged response as data (RFC 3501 §7). */
public sealed interface Untagged {
  /** A response about an account, its mailboxes as a whole, or the session. */
  sealed interface AccountData extends Untagged {}

  /** A condition that no command asked for: {@code * OK [UIDNEXT 5] …}, {@code * BYE …}. */
  record Status(StatusResponse response) implements Untagged {}

  /** The capabilities, in the order shown (RFC 3501 §7.2.1). */
  record Capability(List<String> names) implements Untagged {}

  /** What ENABLE switched on; maybe nothing (RFC 5161 §3.1). */
  record Enabled(Set<String> names) implements Untagged {}

  /** The flags of the mailbox, packed by its keywords (RFC 3501 §7.2.6). */
  record Flags(long bits, Keywords keywords) implements Untagged {}

  /** How many messages the mailbox has (RFC 3501 §7.3.1). */
  record Exists(long messages) implements Untagged {}

  /** How many of them are recent; IMAP4rev2 has no such response (RFC 3501 §7.3.2). */
  record Recent(long messages) implements Untagged {}

  /**
   * A message was expunged: {@code EXPUNGE}, or {@code VANISHED} for a client that enabled QRESYNC
   * or UIDONLY (RFC 3501 §7.4.1, RFC 7162 §3.2.10, RFC 9586 §3).
   *
   * @param number its sequence number at this moment
   */
  record Expunged(long number, long uid) implements Untagged {}

  /**
   * Messages were expunged, at least one (RFC 7162 §3.2.10).
   *
   * @param earlier whether before the client asked
   */
  record Vanished(NumberSet uids, boolean earlier) implements Untagged {}

  /** The data of one message: {@code FETCH}, or {@code UIDFETCH} under UIDONLY (RFC 9586 §3.3). */
  record MessageData(long number, long uid, List<FetchData> items) implements Untagged {}

  /**
   * Changed flags of one message, with its mod-sequence for a client that enabled CONDSTORE (RFC
   * 3501 §7.4.2, RFC 7162 §3.2).
   *
   * @param withUid whether the UID is shown, whatever is enabled
   */
  record MessageFlags(long number, long uid, boolean withUid, FetchData.FlagList flags, long modSeq)
      implements Untagged {}

  /**
   * The result of a SEARCH with return options (RFC 4731 §3.1).
   *
   * @param tag of the command
   * @param source the mailbox, when the command can name others than the selected one
   * @param byUid whether the numbers are UIDs
   */
  record Esearch(String tag, Optional<Source> source, boolean byUid, List<ReturnData> data)
      implements Untagged {
    /** The result of a search in the selected mailbox. */
    public Esearch(String tag, boolean byUid, List<ReturnData> data) {
      this(tag, Optional.empty(), byUid, data);
    }

    /** The response that has all numbers found (RFC 4731 §3.1). */
    public static Esearch all(String tag, boolean byUid, NumberSet found) {
      List<ReturnData> data =
          found.isEmpty() ? List.of() : List.of(new ReturnData.Numbers("ALL", found));
      return new Esearch(tag, byUid, data);
    }

    /** With the highest mod-sequence of the messages behind it, if any (RFC 4731 §3.2). */
    public Esearch with(OptionalLong modSeq) {
      if (modSeq.isEmpty()) {
        return this;
      }
      var more = new ArrayList<>(data);
      more.add(new ReturnData.Numeric("MODSEQ", modSeq.getAsLong()));
      return new Esearch(tag, source, byUid, more);
    }
  }

  /** Where the messages of an ESEARCH response are (RFC 7377 §2.1). */
  record Source(MailboxName mailbox, UidValidity uidValidity) {}

  /** One item of an ESEARCH response. */
  sealed interface ReturnData {
    /** An item with a number: {@code COUNT 5}. */
    record Numeric(String name, long value) implements ReturnData {}

    /** An item with a set of at least one number: {@code ALL 1,3:5}. */
    record Numbers(String name, NumberSet numbers) implements ReturnData {}

    /**
     * {@code PARTIAL (1:500 …)} (RFC 9394 §3.1).
     *
     * @param range that was asked for, the lesser number first
     * @param numbers another item's; empty for NIL
     */
    record Partial(String range, Optional<ReturnData> numbers) implements ReturnData {}

    /**
     * How a result has changed: {@code ADDTO (0 1,3:5)}, at least one number, wherever they belong
     * (RFC 5267 §4.3.2).
     */
    record Update(String name, NumberSet numbers) implements ReturnData {}

    /**
     * The same in a sorted result: each number with its place in it, counted from 1, one after the
     * other; at least one (RFC 5267 §4.3.3, §4.3.4).
     */
    // Arrays on purpose: lists would cost an object per number.
    @SuppressWarnings("ArrayRecordComponent")
    record Placed(String name, long[] places, long[] numbers) implements ReturnData {}

    /** {@code RELEVANCY (4 99 42)}: of each message, in the order of the others (RFC 6203 §4). */
    // An array on purpose: a list would cost an object per number.
    @SuppressWarnings("ArrayRecordComponent")
    record Relevancies(int[] scores) implements ReturnData {}

    /** An item with at least one number, in an order that counts (RFC 5267 §3.1). */
    // An array on purpose: a list would cost an object per number.
    @SuppressWarnings("ArrayRecordComponent")
    record Ordered(String name, long[] numbers) implements ReturnData {}
  }

  /**
   * A name in LIST and its like (RFC 3501 §7.2.2, §7.2.3).
   *
   * @param attributes with their backslashes
   * @param name empty for the root, which only a question for the delimiter lists
   * @param extended further data, for clients that know the extended form (RFC 5258 §3)
   */
  record Listed(
      Listing listing,
      List<String> attributes,
      Optional<MailboxName> name,
      List<ExtendedItem> extended)
      implements Untagged {
    /** A name without further data. */
    public Listed(Listing listing, List<String> attributes, Optional<MailboxName> name) {
      this(listing, attributes, name, List.of());
    }
  }

  /** The command that a listed name answers. */
  enum Listing {
    LIST,
    LSUB,
    /** Obsolete, of Gmail: LIST with special uses. */
    XLIST
  }

  /**
   * Extended data of a listed name (RFC 5258 §3): {@code ("CHILDINFO" ("SUBSCRIBED"))}.
   *
   * @param names whether the values are names of mailboxes, written as such
   */
  record ExtendedItem(String tag, List<String> values, boolean names) {
    /** An item whose values are words. */
    public ExtendedItem(String tag, List<String> values) {
      this(tag, values, false);
    }

    /** The former name of a mailbox that was renamed (RFC 5465 §5.4). */
    public static ExtendedItem oldName(MailboxName name) {
      return new ExtendedItem("OLDNAME", List.of(name.value()), true);
    }
  }

  /** The data of a mailbox, at least one item, as STATUS asked for them (RFC 3501 §7.2.4). */
  record MailboxStatus(MailboxName name, List<StatusData> data) implements Untagged {}

  /** A STATUS data item and its value. */
  sealed interface StatusData {
    /** An item with a number: {@code MESSAGES 5}. */
    record Counter(String item, long value) implements StatusData {}

    /** {@code MAILBOXID (F5)} (RFC 8474 §4.3). */
    record ObjectId(String item, String id) implements StatusData {}
  }

  /**
   * UIDs that divide the mailbox's messages into batches, the newest first (RFC 10022 §3.1.2).
   *
   * @param tag of the command
   * @param batches maybe none; first and last UID of each, the greater first
   */
  record UidBatches(String tag, List<UidRange> batches) implements AccountData {}

  /** A range of UIDs, the greater first. */
  record UidRange(long greatest, long least) {}

  /**
   * Annotations of a mailbox, at least one (RFC 5464 §4.4.1).
   *
   * @param mailbox empty: of the server
   */
  record Metadata(Optional<MailboxName> mailbox, List<Annotation> annotations)
      implements AccountData {}

  /**
   * The names of annotations that were changed, at least one (RFC 5464 §4.4.2).
   *
   * @param mailbox empty: of the server
   */
  record ChangedMetadata(Optional<MailboxName> mailbox, List<String> entries)
      implements AccountData {}

  /** An annotation; its value is empty when it has none. */
  record Annotation(String entry, Optional<Buffer> value) {}

  /** The language of texts for people, or all that can be had (RFC 5255 §3.3). */
  record Languages(List<String> tags) implements AccountData {}

  /** The prefixes of the namespaces; none are shared (RFC 2342 §5). */
  record Namespaces(List<String> personal, List<String> others) implements AccountData {}

  /** The access control list of a mailbox (RFC 4314 §3.6). */
  record Acl(MailboxName mailbox, List<AclEntry> entries) implements AccountData {}

  /** Whose rights, and their letters. */
  record AclEntry(String identifier, String rights) {}

  /**
   * The rights that someone can be given (RFC 4314 §3.7).
   *
   * @param required which they have in any case
   * @param optional each apart from the others
   */
  record ListRights(MailboxName mailbox, String identifier, String required, List<String> optional)
      implements AccountData {}

  /** The user's rights to a mailbox (RFC 4314 §3.8). */
  record MyRights(MailboxName mailbox, String rights) implements AccountData {}

  /** The quota roots of a mailbox, existing or not (RFC 9208 §4.2.2). */
  record QuotaRoot(MailboxName mailbox, List<String> roots) implements AccountData {}

  /** Usage and limits of a quota root; resources without a limit are left out (RFC 9208 §4.2.1). */
  record Quota(String root, List<QuotaResource> resources) implements AccountData {}

  /**
   * A limited resource.
   *
   * @param name {@code STORAGE}, in units of 1,024 octets, or {@code MESSAGE}
   */
  record QuotaResource(String name, long usage, long limit) {}

  /** The parameters of ID (RFC 2971 §3.2). */
  record Id(Map<String, String> parameters) implements AccountData {}
}
