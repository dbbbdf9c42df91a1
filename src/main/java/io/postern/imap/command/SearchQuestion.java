package io.postern.imap.command;

import io.postern.mime.text.MessageSearch;
import io.postern.store.Messages.Content;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What a search asks of one message; answered with as little as will do. */
interface SearchQuestion {
  /** What can be said. */
  enum Answer {
    NO,
    UNKNOWN,
    YES;

    static Answer of(boolean yes) {
      return yes ? YES : NO;
    }
  }

  /**
   * What is known of a message.
   *
   * @param flags packed
   * @param size octets
   * @param internalDate packed
   * @param content facts and blob, if they were loaded
   * @param text what was found in its text so far
   */
  record Message(
      long uid,
      long flags,
      int size,
      long internalDate,
      Optional<Content> content,
      Optional<MessageSearch> text) {}

  /** The answer, if what is known of the message tells it. */
  Answer known(Message message);

  /** Of what the index knows. */
  record OfIndex(Predicate<Message> test) implements SearchQuestion {
    @Override
    public Answer known(Message message) {
      return Answer.of(test.test(message));
    }
  }

  /** Of what was computed at delivery. */
  record OfFacts(Predicate<Content> test) implements SearchQuestion {
    @Override
    public Answer known(Message message) {
      return message.content().map(c -> Answer.of(test.test(c))).orElse(Answer.UNKNOWN);
    }
  }

  /**
   * Of its text.
   *
   * @param term the number of what is looked for
   */
  record OfText(int term) implements SearchQuestion {
    @Override
    public Answer known(Message message) {
      return message
          .text()
          .filter(text -> text.isDecided(term))
          .map(text -> Answer.of(text.found(term)))
          .orElse(Answer.UNKNOWN);
    }
  }

  /** All of these. */
  record All(List<SearchQuestion> all) implements SearchQuestion {
    @Override
    public Answer known(Message message) {
      var answer = Answer.YES;
      for (var question : all) {
        var one = question.known(message);
        if (one == Answer.NO) {
          return one;
        }
        answer = one.compareTo(answer) < 0 ? one : answer;
      }
      return answer;
    }
  }

  /** Either of these. */
  record Either(SearchQuestion one, SearchQuestion other) implements SearchQuestion {
    @Override
    public Answer known(Message message) {
      var first = one.known(message);
      if (first == Answer.YES) {
        return first;
      }
      var second = other.known(message);
      return first.compareTo(second) < 0 ? second : first;
    }
  }

  /** The opposite. */
  record Not(SearchQuestion of) implements SearchQuestion {
    @Override
    public Answer known(Message message) {
      return switch (of.known(message)) {
        case YES -> Answer.NO;
        case UNKNOWN -> Answer.UNKNOWN;
        case NO -> Answer.YES;
      };
    }
  }
}
