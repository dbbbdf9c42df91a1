package io.postern.imap.command;

import io.postern.mime.search.MessageSearch;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A condition on one message, evaluated with as little data as possible. */
interface SearchPredicate {
  /** The result of an evaluation. */
  enum Verdict {
    NO,
    UNKNOWN,
    YES;

    static Verdict of(boolean yes) {
      return yes ? YES : NO;
    }
  }

  /**
   * The data known of a message so far.
   *
   * @param flags packed
   * @param modSeq of its last change
   * @param size octets
   * @param internalDate packed
   * @param saved when it was added to the mailbox, in epoch seconds
   * @param contentId its content's
   * @param content empty until something of its content was loaded
   */
  record Message(
      long uid,
      long flags,
      long modSeq,
      int size,
      long internalDate,
      long saved,
      long contentId,
      Optional<Searched> content) {}

  /**
   * The data of a message's content.
   *
   * @param sent the day of its Date header
   * @param text what was found in its text so far
   */
  record Searched(Optional<LocalDate> sent, MessageSearch text) {}

  /** Evaluates the condition, if the loaded data decides it. */
  Verdict tryEvaluate(Message message);

  /** A condition on the index entry. */
  record OfIndex(Predicate<Message> test) implements SearchPredicate {
    @Override
    public Verdict tryEvaluate(Message message) {
      return Verdict.of(test.test(message));
    }
  }

  /** A condition on the day of the Date header; a message without one does not match. */
  record OfSentDay(Predicate<LocalDate> test) implements SearchPredicate {
    @Override
    public Verdict tryEvaluate(Message message) {
      return message
          .content()
          .map(content -> Verdict.of(content.sent().filter(test).isPresent()))
          .orElse(Verdict.UNKNOWN);
    }
  }

  /**
   * A condition on the message's text.
   *
   * @param term the number of the search term
   */
  record OfText(int term) implements SearchPredicate {
    @Override
    public Verdict tryEvaluate(Message message) {
      return message
          .content()
          .filter(content -> content.text().isDecided(term))
          .map(content -> Verdict.of(content.text().found(term)))
          .orElse(Verdict.UNKNOWN);
    }
  }

  /** True if all conditions are. */
  record All(List<SearchPredicate> all) implements SearchPredicate {
    @Override
    public Verdict tryEvaluate(Message message) {
      var answer = Verdict.YES;
      for (var question : all) {
        var one = question.tryEvaluate(message);
        if (one == Verdict.NO) {
          return one;
        }
        answer = one.compareTo(answer) < 0 ? one : answer;
      }
      return answer;
    }
  }

  /** True if either condition is. */
  record Either(SearchPredicate one, SearchPredicate other) implements SearchPredicate {
    @Override
    public Verdict tryEvaluate(Message message) {
      var first = one.tryEvaluate(message);
      if (first == Verdict.YES) {
        return first;
      }
      var second = other.tryEvaluate(message);
      return first.compareTo(second) < 0 ? second : first;
    }
  }

  /** True if the condition is false. */
  record Not(SearchPredicate of) implements SearchPredicate {
    @Override
    public Verdict tryEvaluate(Message message) {
      return switch (of.tryEvaluate(message)) {
        case YES -> Verdict.NO;
        case UNKNOWN -> Verdict.UNKNOWN;
        case NO -> Verdict.YES;
      };
    }
  }
}
