package io.postern.deploy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * The part of PromQL that alerts, dashboard and autoscalers use, read as Prometheus reads it; what
 * is not in it is refused. {@link PromQlValues} evaluates it.
 */
public final class PromQl {
  /** An expression. */
  sealed interface Expression {}

  /** A number that is written out. */
  record Literal(double value) implements Expression {}

  /**
   * Series by name and labels.
   *
   * @param seconds the range; 0 for the newest value
   */
  record Selector(String name, List<Matcher> matchers, double seconds) implements Expression {}

  record Call(String function, List<Expression> arguments) implements Expression {}

  /**
   * @param parameter of {@code topk}
   */
  record Aggregate(String operator, Set<String> by, double parameter, Expression of)
      implements Expression {}

  /**
   * @param on the labels that both sides share; empty for all
   */
  record Binary(String operator, Set<String> on, Expression left, Expression right)
      implements Expression {}

  /** What a label must be; a label that is not there is empty. */
  record Matcher(String label, String operator, String value) {
    boolean matches(String actual) {
      Predicate<String> whole = it -> Pattern.compile("^(?:" + value + ")$").matcher(it).find();
      return switch (operator) {
        case "=" -> actual.equals(value);
        case "!=" -> !actual.equals(value);
        case "=~" -> whole.test(actual);
        case "!~" -> !whole.test(actual);
        default -> throw new IllegalArgumentException(operator);
      };
    }
  }

  private static final Set<String> AGGREGATES = Set.of("sum", "min", "max", "avg", "topk");
  private static final Set<String> FUNCTIONS =
      Set.of("rate", "increase", "histogram_quantile", "absent", "time");

  /** From those that bind least to those that bind most. */
  private static final List<Set<String>> OPERATORS =
      List.of(
          Set.of("or"),
          Set.of("and", "unless"),
          Set.of("==", "!=", ">", "<", ">=", "<="),
          Set.of("+", "-"),
          Set.of("*", "/"));

  private final PromQlTokens tokens;

  private PromQl(String text) {
    tokens = new PromQlTokens(text);
  }

  /**
   * Reads an expression.
   *
   * @throws IllegalArgumentException when it is none, or uses what is not in this part
   */
  static Expression parse(String text) {
    var parser = new PromQl(text);
    var read = parser.binary(0);
    if (!parser.tokens.ended()) {
      throw new IllegalArgumentException(parser.tokens.peek() + " is too much in: " + text);
    }
    return read;
  }

  private Expression binary(int level) {
    if (level == OPERATORS.size()) {
      return operand();
    }
    var left = binary(level + 1);
    while (OPERATORS.get(level).contains(tokens.peek())) {
      var operator = tokens.take();
      Set<String> on = tokens.skip("on") ? labels() : Set.of();
      left = new Binary(operator, on, left, binary(level + 1));
    }
    return left;
  }

  private Expression operand() {
    if (tokens.skip("(")) {
      var inner = binary(0);
      tokens.expect(")");
      return inner;
    }
    if (tokens.skip("-")) {
      return new Binary("*", Set.of(), new Literal(-1), operand());
    }
    var word = tokens.take();
    if (Character.isDigit(word.charAt(0))) {
      return new Literal(Double.parseDouble(word));
    }
    if (AGGREGATES.contains(word)) {
      return aggregate(word);
    }
    if (FUNCTIONS.contains(word)) {
      return new Call(word, arguments());
    }
    if (tokens.peek().equals("(") || !word.matches("[A-Za-z_:][\\w:]*")) {
      throw new IllegalArgumentException(word + " is not known here");
    }
    return selector(word);
  }

  private Expression aggregate(String operator) {
    Set<String> by = tokens.skip("by") ? labels() : Set.of();
    var arguments = arguments();
    if (tokens.skip("by")) {
      by = labels();
    }
    boolean ranked = operator.equals("topk");
    if (arguments.size() != (ranked ? 2 : 1)) {
      throw new IllegalArgumentException(operator + " has " + arguments.size() + " arguments");
    }
    double parameter = ranked && arguments.getFirst() instanceof Literal it ? it.value() : 0;
    return new Aggregate(operator, by, parameter, arguments.getLast());
  }

  private List<Expression> arguments() {
    var all = new ArrayList<Expression>();
    tokens.expect("(");
    while (!tokens.skip(")")) {
      if (!all.isEmpty()) {
        tokens.expect(",");
      }
      all.add(binary(0));
    }
    return all;
  }

  private Set<String> labels() {
    var all = new TreeSet<String>();
    tokens.expect("(");
    while (!tokens.skip(")")) {
      if (!all.isEmpty()) {
        tokens.expect(",");
      }
      all.add(tokens.take());
    }
    return all;
  }

  private Expression selector(String name) {
    var matchers = new ArrayList<Matcher>();
    if (tokens.skip("{")) {
      while (!tokens.skip("}")) {
        if (!matchers.isEmpty()) {
          tokens.expect(",");
        }
        matchers.add(new Matcher(tokens.take(), tokens.take(), tokens.string()));
      }
    }
    double seconds = 0;
    if (tokens.skip("[")) {
      seconds = duration(tokens.take());
      tokens.expect("]");
    }
    return new Selector(name, matchers, seconds);
  }

  private static double duration(String text) {
    double count = Double.parseDouble(text.substring(0, text.length() - 1));
    return switch (text.charAt(text.length() - 1)) {
      case 's' -> count;
      case 'm' -> count * 60;
      case 'h' -> count * 3_600;
      case 'd' -> count * 86_400;
      default -> throw new IllegalArgumentException(text + " is no time");
    };
  }

  /** All selectors of an expression. */
  static List<Selector> selectors(Expression of) {
    return switch (of) {
      case Literal _ -> List.of();
      case Selector it -> List.of(it);
      case Call it -> it.arguments().stream().flatMap(arg -> selectors(arg).stream()).toList();
      case Aggregate it -> selectors(it.of());
      case Binary it -> {
        var both = new ArrayList<>(selectors(it.left()));
        both.addAll(selectors(it.right()));
        yield both;
      }
    };
  }
}
