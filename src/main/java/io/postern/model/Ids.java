package io.postern.model;

import java.util.Objects;
import java.util.UUID;

/**
 * The ids that the store assigns. None is ever reused. Clients see those of mailboxes and contents
 * only, as object ids (RFC 8474).
 */
public final class Ids {
  private Ids() {}

  /**
   * The account that owns mailboxes and content.
   *
   * @param value at least 1
   */
  public record AccountId(long value) {
    public AccountId {
      check("account", value);
    }

    // Written out: a native executable interprets what the compiler makes of a record, at length.
    @Override
    public boolean equals(Object other) {
      return other instanceof AccountId it && value == it.value;
    }

    @Override
    public int hashCode() {
      return hash(value);
    }
  }

  /**
   * A mailbox for its whole life: a rename keeps it, a delete and re-create does not.
   *
   * @param value at least 1
   */
  public record MailboxId(long value) {
    public MailboxId {
      check("mailbox", value);
    }

    /** RFC 8474 §4: a mailbox whose UIDs have become invalid is another one to clients. */
    public String objectId(UidValidity uidValidity) {
      return "F" + value + "-" + uidValidity.value();
    }

    // Written out: a native executable interprets what the compiler makes of a record, at length.
    @Override
    public boolean equals(Object other) {
      return other instanceof MailboxId it && value == it.value;
    }

    @Override
    public int hashCode() {
      return hash(value);
    }
  }

  /**
   * The key of a mailbox in the store: every key begins with the account.
   *
   * @param account the owner
   * @param mailbox the mailbox of that account
   */
  public record MailboxKey(AccountId account, MailboxId mailbox) {
    // Written out: a native executable interprets what the compiler makes of a record, at length.
    @Override
    public boolean equals(Object other) {
      return other instanceof MailboxKey it
          && account.equals(it.account)
          && mailbox.equals(it.mailbox);
    }

    @Override
    public int hashCode() {
      return 31 * account.hashCode() + mailbox.hashCode();
    }
  }

  /**
   * The stored content of a message within its account; copies of a message share it.
   *
   * @param value at least 1
   */
  public record ContentId(long value) {
    public ContentId {
      check("content", value);
    }

    // Written out: a native executable interprets what the compiler makes of a record, at length.
    @Override
    public boolean equals(Object other) {
      return other instanceof ContentId it && value == it.value;
    }

    @Override
    public int hashCode() {
      return hash(value);
    }
  }

  /**
   * A run of stored bytes. Random, so that no two deliveries get the same one.
   *
   * @param value a random UUID
   */
  public record BlobId(UUID value) {
    public BlobId {
      Objects.requireNonNull(value);
    }

    /** A new, unique id. */
    public static BlobId random() {
      return new BlobId(UUID.randomUUID());
    }
  }

  /** Ids of one site differ by multiples of 1,024, and hash tables go by the lowest bits. */
  private static int hash(long value) {
    return (int) ((value * 0x9E37_79B9_7F4A_7C15L) >>> 32);
  }

  private static void check(String what, long value) {
    if (value < 1) {
      throw new IllegalArgumentException("the id of a " + what + " is at least 1, was " + value);
    }
  }
}
