package io.postern.imap.command;

import io.postern.store.Messages.Content;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

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
   */
  record Message(long uid, long flags, int size, long internalDate, Optional<Content> content) {}

  /** The answer, if what is known of the message tells it. */
  Answer known(Message message);

  /** Whether it looks into the text of messages. */
  default boolean readsBytes() {
    return false;
  }

  /** The answer; its content must be loaded, bytes are read where that doesn't tell it. */
  Uni<Boolean> looked(Message message);

  /** Of what the index knows. */
  record OfIndex(Predicate<Message> test) implements SearchQuestion {
    @Override
    public Answer known(Message message) {
      return Answer.of(test.test(message));
    }

    @Override
    public Uni<Boolean> looked(Message message) {
      return Uni.createFrom().item(test.test(message));
    }
  }

  /** Of what was computed at delivery. */
  record OfFacts(Predicate<Content> test) implements SearchQuestion {
    @Override
    public Answer known(Message message) {
      return message.content().map(c -> Answer.of(test.test(c))).orElse(Answer.UNKNOWN);
    }

    @Override
    public Uni<Boolean> looked(Message message) {
      return Uni.createFrom().item(test.test(message.content().orElseThrow()));
    }
  }

  /** All of these. */
  record All(List<SearchQuestion> all) implements SearchQuestion {
    @Override
    public boolean readsBytes() {
      return all.stream().anyMatch(SearchQuestion::readsBytes);
    }

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

    @Override
    public Uni<Boolean> looked(Message message) {
      return Multi.createFrom()
          .iterable(all)
          .onItem()
          .transformToUniAndConcatenate(question -> question.looked(message))
          .select()
          .first(yes -> yes)
          .collect()
          .with(Collectors.counting())
          .map(count -> count == all.size());
    }
  }

  /** Either of these. */
  record Either(SearchQuestion one, SearchQuestion other) implements SearchQuestion {
    @Override
    public boolean readsBytes() {
      return one.readsBytes() || other.readsBytes();
    }

    @Override
    public Answer known(Message message) {
      var first = one.known(message);
      if (first == Answer.YES) {
        return first;
      }
      var second = other.known(message);
      return first.compareTo(second) < 0 ? second : first;
    }

    @Override
    public Uni<Boolean> looked(Message message) {
      return one.looked(message)
          .chain(yes -> yes ? Uni.createFrom().item(true) : other.looked(message));
    }
  }

  /** The opposite. */
  record Not(SearchQuestion of) implements SearchQuestion {
    @Override
    public boolean readsBytes() {
      return of.readsBytes();
    }

    @Override
    public Answer known(Message message) {
      return switch (of.known(message)) {
        case YES -> Answer.NO;
        case UNKNOWN -> Answer.UNKNOWN;
        case NO -> Answer.YES;
      };
    }

    @Override
    public Uni<Boolean> looked(Message message) {
      return of.looked(message).map(yes -> !yes);
    }
  }
}
