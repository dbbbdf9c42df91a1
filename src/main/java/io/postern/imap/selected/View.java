package io.postern.imap.selected;

import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxName;
import io.postern.model.MailboxState;
import io.postern.model.ModSeq;
import io.postern.model.NumberSet;
import io.postern.model.SequenceSet;
import io.postern.model.UidValidity;
import io.postern.push.Hint;
import io.postern.store.index.MailboxIndex;
import java.util.SortedSet;

/**
 * One client's view of its selected mailbox: what was sent to it. The client knows the messages
 * with a UID below {@link #uidNext}, less the expunges sent; sequence numbers count those. Pins no
 * index: it takes some hundred octets, whatever the mailbox holds.
 *
 * <p>Methods that take an index expect the one that was {@link #notice noticed} last.
 */
public final class View {
  private final MailboxKey mailbox;
  private final MailboxName name;
  private final UidValidity uidValidity;
  private final boolean readOnly;
  private final long changeable;

  /** EXISTS was sent for the messages that these count. */
  private SequenceNumbers numbers;

  /** Flag changes up to here were sent. */
  private ModSeq sent;

  /** Expunges up to here are in {@link #numbers}, or were sent. */
  private ModSeq noticed;

  /** Expunges up to here were sent. */
  private ModSeq expungesSent;

  /** A change of this mod-sequence is known to exist: an index below it is too old. */
  private ModSeq expected;

  private final RecentMessages recent;
  private final FollowedSearches followed = new FollowedSearches();
  private final NewMessages newMessages = new NewMessages();
  private final OwnChanges own = new OwnChanges();

  /** The keywords that were sent last, compared without case. */
  private SortedSet<String> keywordsSent;

  /** The saved result of a search (RFC 5182 §2.1): UIDs, expunged ones included. */
  private NumberSet saved = NumberSet.EMPTY;

  /**
   * The view right after SELECT or EXAMINE, which sent the whole index.
   *
   * @param changeable packed flags that the user may change (RFC 4314 §5.1.1)
   */
  public View(
      MailboxKey mailbox,
      MailboxName name,
      boolean readOnly,
      long changeable,
      MailboxIndex index,
      NumberSet recent) {
    this.mailbox = mailbox;
    this.name = name;
    this.readOnly = readOnly;
    this.changeable = changeable;
    this.uidValidity = index.uidValidity();
    this.numbers = new SequenceNumbers(index.uidNext(), PendingExpunges.NONE);
    this.sent = index.modSeq();
    this.noticed = sent;
    this.expungesSent = sent;
    this.expected = sent;
    this.recent = new RecentMessages(recent);
    this.keywordsSent = index.keywords().unpack(index.flagsInUse()).keywords();
  }

  public MailboxKey mailbox() {
    return mailbox;
  }

  public MailboxName name() {
    return name;
  }

  public UidValidity uidValidity() {
    return uidValidity;
  }

  public boolean readOnly() {
    return readOnly;
  }

  /** The packed flags that the client can change. */
  public long changeable() {
    return changeable;
  }

  /** Messages below this UID were sent. */
  public long uidNext() {
    return numbers.uidNext();
  }

  ModSeq sent() {
    return sent;
  }

  ModSeq noticed() {
    return noticed;
  }

  /** Pending expunges, ascending. */
  NumberSet gone() {
    return numbers.gone().uids();
  }

  SortedSet<String> keywordsSent() {
    return keywordsSent;
  }

  /** Whether an index at this mod-sequence includes all known changes. */
  boolean accepts(ModSeq index) {
    return !expected.isAfter(index) && !noticed.isAfter(index);
  }

  /** Records that a change is known to exist. */
  void expect(ModSeq modSeq) {
    if (modSeq.isAfter(expected)) {
      expected = modSeq;
    }
  }

  /** Records a hint that the mailbox changed; returns whether the change is new to the view. */
  boolean hinted(Hint hint) {
    if (!hint.mailbox().equals(mailbox) || !hint.modSeq().isAfter(sent)) {
      return false;
    }
    expect(hint.modSeq());
    return true;
  }

  /** Whether a hint said that the mailbox was deleted. */
  public boolean isHintedGone() {
    return expected.equals(Hint.GONE);
  }

  /** Records that a mailbox of which a hint said that it was deleted is still there. */
  public void present(ModSeq modSeq) {
    expected = modSeq.isAfter(sent) ? modSeq : sent;
  }

  /** Adds the expunges since the last index; sequence numbers then count with this index. */
  void notice(MailboxIndex index, NumberSet removed) {
    if (!removed.isEmpty()) {
      var known =
          removed.intersection(NumberSet.range(1, uidNext())).minus(NumberSet.of(uidNext()));
      // The store may know of expunges that this index lacks: they are noticed with a later one.
      numbers = numbers.with(numbers.gone().with(known.minus(index.present(known))));
    }
    noticed = index.modSeq();
    if (gone().isEmpty()) {
      expungesSent = noticed;
    }
  }

  /**
   * The mod-sequence up to which the client was sent every change: with it, the client can ask for
   * all that it lacks (RFC 7162 §3.2).
   */
  public ModSeq complete() {
    return expungesSent.isAfter(sent) ? sent : expungesSent;
  }

  /** The mod-sequence up to which the client was sent every expunge. */
  public ModSeq expungesSent() {
    return expungesSent;
  }

  /** Whether the client was sent every change that is known to exist, the last index included. */
  public boolean isUpToDate() {
    return gone().isEmpty()
        && noticed.equals(sent)
        && !expected.isAfter(sent)
        && newMessages.unsent().isEmpty();
  }

  /** Whether the client was sent all changes up to this state of the mailbox. */
  boolean standsAt(MailboxState state) {
    return gone().isEmpty() && !state.highestModSeq().isAfter(sent);
  }

  /** Whether the client was sent all flag changes up to there. */
  public boolean wasSent(ModSeq upTo) {
    return !upTo.isAfter(sent);
  }

  /** Whether the client knows the flags of the message at a position, as the index has them. */
  public boolean knowsFlags(MailboxIndex index, int position) {
    long modSeq = index.modSeqAt(position);
    return wasSent(new ModSeq(modSeq)) || isOwn(modSeq, index.uid(position));
  }

  /** Saves the result of a search, in place of the one before. */
  public void save(NumberSet uids) {
    saved = uids;
  }

  /** The saved result of a search; it may include UIDs of messages expunged since. */
  public NumberSet saved() {
    return saved;
  }

  /** The searches whose results the client follows. */
  public FollowedSearches followed() {
    return followed;
  }

  /** Records that the client knows the result of this session's own change. */
  public void knows(ModSeq modSeq) {
    own.add(modSeq, NumberSet.EMPTY);
  }

  /** Records that the client knows the result of this session's own change of other messages. */
  public void knows(ModSeq modSeq, NumberSet except) {
    own.add(modSeq, except);
  }

  /** Whether a message's change must not be sent because the client knows it. */
  boolean isOwn(long modSeq, long uid) {
    return own.has(modSeq, uid);
  }

  /** The messages of which data are sent behind EXISTS. */
  NewMessages newMessages() {
    return newMessages;
  }

  /** Which messages are recent in this session. */
  RecentMessages recentMessages() {
    return recent;
  }

  /** Whether it is known that all the messages from this UID on are recent in this session. */
  boolean isClaimed(long from) {
    return from < uidNext() && recent.includes(NumberSet.range(from, uidNext() - 1));
  }

  /** Adds messages that became recent in this session when it appended them. */
  void claimed(NumberSet own) {
    if (!readOnly) {
      recent.add(own);
    }
  }

  /** Whether the message is {@code \Recent} in this session (RFC 3501 §2.3.2). */
  public boolean isRecent(long uid) {
    return recent.contains(uid);
  }

  /** How many of the messages sent are recent in this session. */
  public int recent(MailboxIndex index) {
    return recent.countBelow(index, uidNext());
  }

  /** Records that all expunges were sent. */
  void goneSent() {
    recent.remove(gone());
    numbers = numbers.with(PendingExpunges.NONE);
    expungesSent = noticed;
  }

  void sentKeywords(SortedSet<String> keywords) {
    keywordsSent = keywords;
  }

  /** Records that the new messages of the index were sent, but not its changed flags. */
  void arrivalsSent(MailboxIndex index) {
    numbers = numbers.upTo(Math.max(uidNext(), index.uidNext()));
  }

  /** Records that all of the index was sent, except expunges. */
  void allSent(MailboxIndex index) {
    arrivalsSent(index);
    sent = index.modSeq();
    own.clear();
  }

  /** Number of messages the client knows: the greatest sequence number. */
  public int exists(MailboxIndex index) {
    return numbers.exists(index);
  }

  /** How many of the messages the client knows are still present: index positions 0 to this. */
  public int present(MailboxIndex index) {
    return numbers.present(index);
  }

  /** The sequence number of a message the client knows. */
  public int number(MailboxIndex index, long uid) {
    return numbers.number(index, uid);
  }

  /** The sequence number of the message at a position of the index. */
  public int number(int position, long uid) {
    return numbers.number(position, uid);
  }

  /** Index positions of those of the UIDs that are present and were sent, ascending. */
  public int[] positions(MailboxIndex index, NumberSet uids) {
    return numbers.positions(index, uids);
  }

  /**
   * UIDs of the messages in a sequence set, in ranges that may also cover UIDs of no message, but
   * none that was not sent. Returns an empty set when the client knows no message.
   *
   * @throws IllegalArgumentException for a number above {@link #exists}
   */
  public NumberSet numbered(MailboxIndex index, SequenceSet sequence) {
    return numbers.numbered(index, sequence);
  }

  /** UIDs in a set of UIDs, none that was not sent; {@code *} is the greatest the client knows. */
  public NumberSet uids(MailboxIndex index, SequenceSet uids) {
    return numbers.uids(index, uids);
  }

  /** Those of the UIDs whose message has a pending expunge. */
  public NumberSet gone(NumberSet uids) {
    return gone().intersection(uids);
  }
}
