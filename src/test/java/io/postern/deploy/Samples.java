package io.postern.deploy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.regex.Pattern;

/**
 * What Prometheus has of a target after it has read it twice, {@value #APART} seconds apart: by
 * series the earlier value, if there was one, and the later.
 */
public final class Samples {
  /** Seconds from one reading to the next. */
  static final double APART = 15;

  private static final Pattern LINE =
      Pattern.compile("([A-Za-z_:][\\w:]*)(?:\\{(.*)})? (\\S+)(?: \\d+)?");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

  /** A series: its name and its labels. */
  record Series(String name, Map<String, String> labels) {
    boolean matches(PromQl.Selector selector) {
      return name.equals(selector.name())
          && selector.matchers().stream()
              .allMatch(it -> it.matches(labels.getOrDefault(it.label(), "")));
    }
  }

  private final Map<Series, Double> earlier;
  private final Map<Series, Double> later;

  private Samples(Map<Series, Double> earlier, Map<Series, Double> later) {
    this.earlier = earlier;
    this.later = later;
  }

  /**
   * Two readings of one target.
   *
   * @param target the labels that Prometheus gives each of its series
   */
  public static Samples of(Map<String, String> target, String earlier, String later) {
    return new Samples(read(target, earlier), read(target, later));
  }

  private static Map<Series, Double> read(Map<String, String> target, String page) {
    var found = new HashMap<Series, Double>();
    for (var line : page.lines().filter(it -> !it.isBlank() && !it.startsWith("#")).toList()) {
      var matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new IllegalArgumentException("no sample: " + line);
      }
      var labels = new TreeMap<>(target);
      if (matcher.group(2) != null) {
        var label = LABEL.matcher(matcher.group(2));
        while (label.find()) {
          labels.put(label.group(1), label.group(2));
        }
      }
      var value = matcher.group(3).replace("+Inf", "Infinity").replace("-Inf", "-Infinity");
      var series = new Series(matcher.group(1), Map.copyOf(labels));
      if (found.put(series, Double.valueOf(value)) != null) {
        throw new IllegalArgumentException("twice: " + line);
      }
    }
    return found;
  }

  /** These and those of another target. */
  public Samples and(Samples other) {
    var before = new HashMap<>(earlier);
    before.putAll(other.earlier);
    var after = new HashMap<>(later);
    after.putAll(other.later);
    return new Samples(before, after);
  }

  /**
   * The same with other later values.
   *
   * @param selector of the series that change; there must be some
   */
  Samples with(String selector, DoubleUnaryOperator change) {
    var matching = matching(selector);
    var after = new HashMap<>(later);
    matching.forEach(series -> after.compute(series, (_, value) -> change.applyAsDouble(value)));
    return new Samples(earlier, after);
  }

  /**
   * The same with series like these, of another value of a label, that began at 0.
   *
   * @param value what has been counted since
   */
  Samples like(String selector, String label, String other, double value) {
    var before = new HashMap<>(earlier);
    var after = new HashMap<>(later);
    for (var series : matching(selector)) {
      var labels = new TreeMap<>(series.labels());
      if (labels.put(label, other) == null) {
        throw new IllegalArgumentException(series + " has no label " + label);
      }
      var made = new Series(series.name(), Map.copyOf(labels));
      before.put(made, 0.0);
      after.put(made, value);
    }
    return new Samples(before, after);
  }

  /** The same without these series; there must be some. */
  Samples without(String selector) {
    var after = new HashMap<>(later);
    matching(selector).forEach(after::remove);
    return new Samples(earlier, after);
  }

  private List<Series> matching(String text) {
    var selector = (PromQl.Selector) PromQl.parse(text);
    var matching = later.keySet().stream().filter(it -> it.matches(selector)).toList();
    if (matching.isEmpty()) {
      throw new IllegalArgumentException("there is no series " + text);
    }
    return matching;
  }

  /** The later value of each series. */
  List<PromQlValues.Element> now(PromQl.Selector selector) {
    var found = new ArrayList<PromQlValues.Element>();
    later.forEach(
        (series, value) -> {
          if (series.matches(selector)) {
            found.add(new PromQlValues.Element(series.labels(), value));
          }
        });
    return found;
  }

  /** By how much each series that was there before has grown; one that fell began anew. */
  List<PromQlValues.Element> growth(PromQl.Selector selector) {
    var found = new ArrayList<PromQlValues.Element>();
    later.forEach(
        (series, value) -> {
          var before = earlier.get(series);
          if (series.matches(selector) && before != null) {
            double grown = value < before ? value : value - before;
            found.add(new PromQlValues.Element(series.labels(), grown));
          }
        });
    return found;
  }

  /**
   * What an expression asks for that is not there: series, labels that they are chosen by, and
   * labels that they are grouped by.
   */
  public List<String> missing(String expression) {
    var missing = new ArrayList<String>();
    look(PromQl.parse(expression), missing);
    return missing;
  }

  private void look(PromQl.Expression at, List<String> missing) {
    switch (at) {
      case PromQl.Literal _ -> {}
      case PromQl.Call it -> it.arguments().forEach(argument -> look(argument, missing));
      case PromQl.Binary it -> {
        look(it.left(), missing);
        look(it.right(), missing);
      }
      case PromQl.Aggregate it -> {
        var labels = new HashSet<String>();
        PromQl.selectors(it.of()).forEach(selector -> labels.addAll(labels(selector.name())));
        it.by().stream().filter(by -> !labels.contains(by)).forEach(missing::add);
        look(it.of(), missing);
      }
      case PromQl.Selector it -> {
        var labels = labels(it.name());
        if (labels.isEmpty()) {
          missing.add(it.name());
        }
        it.matchers().stream()
            .filter(matcher -> !labels.contains(matcher.label()))
            .forEach(matcher -> missing.add(it.name() + "{" + matcher.label() + "}"));
      }
    }
  }

  private Set<String> labels(String name) {
    var labels = new HashSet<String>();
    later.keySet().stream()
        .filter(it -> it.name().equals(name))
        .forEach(it -> labels.addAll(it.labels().keySet()));
    return labels;
  }
}
