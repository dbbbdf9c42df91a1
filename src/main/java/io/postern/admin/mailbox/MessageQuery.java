package io.postern.admin.mailbox;

import io.postern.admin.security.ProblemException;
import io.postern.model.MailboxName;
import io.postern.model.message.Flags;
import io.postern.model.message.InternalDate;
import io.postern.model.message.SystemFlag;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;

/**
 * What is said of a message to add, beside its octets.
 *
 * @param mailbox the name of its mailbox; INBOX when absent
 * @param flag its flags, each one parameter
 * @param internalDate when it was received (RFC 3501 §2.3.3); now when absent
 */
public record MessageQuery(
    @Parameter(description = "The name of its mailbox; INBOX by default") @QueryParam("mailbox")
        Optional<String> mailbox,
    @Parameter(
            description = "A flag: \\Seen, \\Answered, \\Flagged, \\Deleted, \\Draft or a keyword")
        @QueryParam("flag")
        List<String> flag,
    @Parameter(
            description =
                "When it was received, with a zone: 2026-01-31T08:00:00+01:00; default now")
        @QueryParam("internalDate")
        Optional<String> internalDate) {
  /** Octets of a keyword, as in IMAP. */
  private static final int MAX_KEYWORD = 128;

  /** Flags of one message. */
  private static final int MAX_FLAGS = 64;

  // RFC 3501 §9: an atom, which has none of ( ) { SP CTL % * " \ ]
  private static final String KEYWORD =
      "[!#$&'+,./0-9:;<=>?@A-Z\\[^_`a-z|}~-]{1," + MAX_KEYWORD + "}";

  /**
   * The name of a mailbox.
   *
   * @throws ProblemException 400
   */
  static MailboxName mailbox(Optional<String> given) {
    var name = given.orElse("INBOX");
    var problem = MailboxName.problem(name);
    if (problem.isPresent()) {
      throw ProblemException.parameter("mailbox", name, problem.get());
    }
    return new MailboxName(name);
  }

  /**
   * The flags.
   *
   * @throws ProblemException 400 for one that a client cannot set
   */
  Flags flags() {
    if (flag.size() > MAX_FLAGS) {
      throw ProblemException.parameter("flag", flag.size() + " flags", MAX_FLAGS + " at most");
    }
    var system = EnumSet.noneOf(SystemFlag.class);
    var keywords = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    for (var one : flag) {
      var known = systemFlag(one);
      if (known.isPresent()) {
        system.add(known.get());
      } else if (one.matches(KEYWORD)) {
        keywords.add(one);
      } else {
        throw ProblemException.parameter(
            "flag", one, "\\Seen, \\Answered, \\Flagged, \\Deleted, \\Draft or a keyword");
      }
    }
    return new Flags(system, keywords);
  }

  private static Optional<SystemFlag> systemFlag(String text) {
    return EnumSet.allOf(SystemFlag.class).stream()
        .filter(it -> it.text().equalsIgnoreCase(text))
        .findFirst();
  }

  /**
   * The internal date.
   *
   * @throws ProblemException 400
   */
  InternalDate date() {
    if (internalDate.isEmpty()) {
      return InternalDate.of(Instant.now());
    }
    try {
      var when = OffsetDateTime.parse(internalDate.get());
      if (when.getYear() < 1 || when.getYear() > 9_999) {
        throw unreadable();
      }
      return InternalDate.of(when);
    } catch (DateTimeParseException _) {
      throw unreadable();
    }
  }

  private ProblemException unreadable() {
    return ProblemException.parameter(
        "internalDate", internalDate.orElse(""), "a date and time like 2026-01-31T08:00:00+01:00");
  }
}
