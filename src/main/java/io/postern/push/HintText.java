package io.postern.push;

import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.ModSeq;
import java.util.Optional;

/**
 * The text of hints between nodes: channel {@code hint:<account>}, payload {@code 1 <mailbox>
 * <mod-sequence> <committed>} in decimal digits. The first number is the version; other versions
 * are ignored, so that nodes of two versions run side by side. Channel {@code hint:all} with
 * payload {@code 1} asks all nodes to resync.
 */
final class HintText {
  static final String ALL = "hint:all";
  static final String RESYNC = "1";

  private static final String CHANNEL = "hint:";

  /** Four numbers of at most 19 digits, and their separators. */
  private static final int MAX_LENGTH = 4 * 20;

  private HintText() {}

  static String channel(AccountId account) {
    return CHANNEL + account.value();
  }

  static String payload(Hint hint) {
    return "1 "
        + hint.mailbox().mailbox().value()
        + " "
        + hint.modSeq().value()
        + " "
        + hint.committed();
  }

  /** The account of a channel; empty when the channel is not an account's. */
  static Optional<AccountId> account(String channel) {
    return channel.startsWith(CHANNEL)
        ? number(channel.substring(CHANNEL.length())).filter(n -> n > 0).map(AccountId::new)
        : Optional.empty();
  }

  /** The hint; empty when it is malformed or of another version. */
  static Optional<Hint> hint(AccountId account, String payload) {
    if (payload.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    var words = payload.split(" ", -1);
    if (words.length != 4 || !words[0].equals("1")) {
      return Optional.empty();
    }
    var mailbox = number(words[1]).filter(n -> n > 0);
    var modSeq = number(words[2]).filter(n -> n > 0);
    var committed = number(words[3]);
    return mailbox.isPresent() && modSeq.isPresent() && committed.isPresent()
        ? Optional.of(
            new Hint(
                new MailboxKey(account, new MailboxId(mailbox.get())),
                new ModSeq(modSeq.get()),
                committed.get()))
        : Optional.empty();
  }

  private static Optional<Long> number(String digits) {
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    try {
      return Optional.of(Long.parseLong(digits));
    } catch (NumberFormatException tooLarge) {
      return Optional.empty();
    }
  }
}
