package io.postern.deploy;

import io.postern.deploy.PromQl.Aggregate;
import io.postern.deploy.PromQl.Binary;
import io.postern.deploy.PromQl.Call;
import io.postern.deploy.PromQl.Expression;
import io.postern.deploy.PromQl.Literal;
import io.postern.deploy.PromQl.Selector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;

/**
 * Evaluates expressions over {@link Samples}. Rates are what was counted between both readings,
 * whatever the range; Prometheus would extrapolate to it.
 *
 * @param now the Unix time of the later reading
 */
public record PromQlValues(Samples samples, double now) {
  /** A value and its labels; a number has none. */
  public record Element(Map<String, String> labels, double value) {}

  /**
   * A number or a vector.
   *
   * @param scalar whether it is a number, which is its only element then
   */
  private record Value(boolean scalar, List<Element> elements) {
    static Value of(double number) {
      return new Value(true, List.of(new Element(Map.of(), number)));
    }

    static Value of(List<Element> elements) {
      return new Value(false, elements);
    }

    double number() {
      return elements.getFirst().value();
    }
  }

  /** The value of an expression: for an alert the series that fire. */
  public List<Element> evaluate(String expression) {
    return value(PromQl.parse(expression)).elements();
  }

  private Value value(Expression expression) {
    return switch (expression) {
      case Literal it -> Value.of(it.value());
      case Selector it -> Value.of(samples.now(instant(it)));
      case Call it -> call(it);
      case Aggregate it -> Value.of(aggregate(it, value(it.of()).elements()));
      case Binary it -> binary(it, value(it.left()), value(it.right()));
    };
  }

  private static Selector instant(Selector it) {
    if (it.seconds() > 0) {
      throw new IllegalArgumentException(it.name() + " is a range where a vector is wanted");
    }
    return it;
  }

  private Value call(Call call) {
    return switch (call.function()) {
      case "time" -> Value.of(now);
      case "rate" -> Value.of(scaled(range(call), 1 / Samples.APART));
      case "increase" -> {
        var range = range(call);
        yield Value.of(scaled(range, range.seconds() / Samples.APART));
      }
      case "absent" ->
          Value.of(
              value(call.arguments().getFirst()).elements().isEmpty()
                  ? List.of(new Element(Map.of(), 1))
                  : List.of());
      case "histogram_quantile" ->
          Value.of(
              quantiles(
                  value(call.arguments().getFirst()).number(),
                  value(call.arguments().getLast()).elements()));
      default -> throw new IllegalArgumentException(call.function());
    };
  }

  private static Selector range(Call call) {
    if (call.arguments().size() == 1
        && call.arguments().getFirst() instanceof Selector it
        && it.seconds() > 0) {
      return it;
    }
    throw new IllegalArgumentException(call.function() + " wants one range");
  }

  private List<Element> scaled(Selector range, double factor) {
    return samples.growth(range).stream()
        .map(it -> new Element(it.labels(), it.value() * factor))
        .toList();
  }

  private static List<Element> quantiles(double quantile, List<Element> buckets) {
    var found = new ArrayList<Element>();
    grouped(buckets, element -> without(element.labels(), "le"))
        .forEach((labels, group) -> found.add(new Element(labels, quantile(quantile, group))));
    return found;
  }

  private static double quantile(double quantile, List<Element> group) {
    var buckets = group.stream().sorted(Comparator.comparingDouble(PromQlValues::bound)).toList();
    if (!Double.isInfinite(bound(buckets.getLast()))) {
      return Double.NaN;
    }
    double rank = quantile * buckets.getLast().value();
    if (rank == 0) {
      return Double.NaN;
    }
    double lower = 0;
    double below = 0;
    for (var bucket : buckets) {
      if (bucket.value() >= rank) {
        return Double.isInfinite(bound(bucket))
            ? lower
            : lower + (bound(bucket) - lower) * (rank - below) / (bucket.value() - below);
      }
      lower = bound(bucket);
      below = bucket.value();
    }
    return lower;
  }

  private static double bound(Element bucket) {
    var le = bucket.labels().get("le");
    if (le == null) {
      throw new IllegalArgumentException("a bucket without le: " + bucket);
    }
    return le.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(le);
  }

  private static List<Element> aggregate(Aggregate by, List<Element> elements) {
    if (by.operator().equals("topk")) {
      return elements.stream()
          .sorted(Comparator.comparingDouble(Element::value).reversed())
          .limit((long) by.parameter())
          .toList();
    }
    DoubleBinaryOperator both =
        switch (by.operator()) {
          case "sum", "avg" -> Double::sum;
          case "min" -> Math::min;
          case "max" -> Math::max;
          default -> throw new IllegalArgumentException(by.operator());
        };
    var found = new ArrayList<Element>();
    grouped(elements, element -> only(element.labels(), by.by()))
        .forEach(
            (labels, group) -> {
              double all = group.stream().mapToDouble(Element::value).reduce(both).orElseThrow();
              boolean mean = by.operator().equals("avg");
              found.add(new Element(labels, mean ? all / group.size() : all));
            });
    return found;
  }

  /** Labels that stay of an element. */
  private interface Kept {
    Map<String, String> of(Element element);
  }

  private static Map<Map<String, String>, List<Element>> grouped(List<Element> all, Kept kept) {
    var groups = new LinkedHashMap<Map<String, String>, List<Element>>();
    all.forEach(it -> groups.computeIfAbsent(kept.of(it), _ -> new ArrayList<>()).add(it));
    return groups;
  }

  private static Map<String, String> without(Map<String, String> labels, String label) {
    var rest = new TreeMap<>(labels);
    rest.remove(label);
    return rest;
  }

  private static Map<String, String> only(Map<String, String> labels, Set<String> kept) {
    var rest = new TreeMap<>(labels);
    rest.keySet().retainAll(kept);
    return rest;
  }

  private static Value binary(Binary binary, Value left, Value right) {
    if (left.scalar() && right.scalar()) {
      return Value.of(applied(binary.operator(), left.number(), right.number()));
    }
    var found = new ArrayList<Element>();
    if (right.scalar() || left.scalar()) {
      boolean flipped = left.scalar();
      double number = flipped ? left.number() : right.number();
      for (var it : flipped ? right.elements() : left.elements()) {
        add(
            found,
            binary.operator(),
            it,
            flipped ? number : it.value(),
            flipped ? it.value() : number);
      }
      return Value.of(found);
    }
    var others = matched(binary, right.elements());
    matched(binary, left.elements())
        .forEach(
            (labels, it) -> {
              var other = others.get(labels);
              if (other != null) {
                add(found, binary.operator(), it, it.value(), other.value());
              }
            });
    return Value.of(found);
  }

  /** One side by the labels that both share; two elements of the same are an error. */
  private static Map<Map<String, String>, Element> matched(Binary binary, List<Element> side) {
    var found = new LinkedHashMap<Map<String, String>, Element>();
    for (var it : side) {
      var labels = binary.on().isEmpty() ? it.labels() : only(it.labels(), binary.on());
      if (found.put(new TreeMap<>(labels), it) != null) {
        throw new IllegalArgumentException("many-to-many matching at " + labels);
      }
    }
    return found;
  }

  private static void add(List<Element> to, String operator, Element it, double a, double b) {
    if (!Set.of("==", "!=", ">", "<", ">=", "<=").contains(operator)) {
      to.add(new Element(it.labels(), applied(operator, a, b)));
    } else if (holds(operator, a, b)) {
      to.add(it);
    }
  }

  private static boolean holds(String operator, double a, double b) {
    return switch (operator) {
      case "==" -> a == b;
      case "!=" -> a != b;
      case ">" -> a > b;
      case "<" -> a < b;
      case ">=" -> a >= b;
      case "<=" -> a <= b;
      default -> throw new IllegalArgumentException(operator);
    };
  }

  private static double applied(String operator, double a, double b) {
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / b;
      default -> throw new IllegalArgumentException(operator + " of two numbers");
    };
  }
}
