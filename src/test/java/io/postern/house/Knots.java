package io.postern.house;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Files that know each other: each refers to each other one, itself or through the others, so none
 * can be read, tested or replaced without all. A class counts as the file of its outermost class.
 */
final class Knots {
  /** The most files that may know each other. */
  static final int FILES = 3;

  private Knots() {}

  /** The groups of more than {@link #FILES} files that know each other, by name. */
  static List<SortedSet<String>> of(JavaClasses classes) {
    var references = references(classes);
    var reached = new TreeMap<String, Set<String>>();
    references.keySet().forEach(file -> reached.put(file, reached(file, references)));
    return reached.entrySet().stream()
        .map(entry -> group(entry.getKey(), entry.getValue(), reached))
        .filter(group -> group.size() > FILES)
        .distinct()
        .toList();
  }

  /** The files to which each file refers, itself aside. */
  private static Map<String, Set<String>> references(JavaClasses classes) {
    var references = new TreeMap<String, Set<String>>();
    for (var type : classes) {
      var file = file(type);
      var others = references.computeIfAbsent(file, _ -> new TreeSet<>());
      for (var dependency : type.getDirectDependenciesFromSelf()) {
        var other = file(dependency.getTargetClass());
        if (other.startsWith(Walls.BASE + ".") && !other.equals(file)) {
          others.add(other);
        }
      }
    }
    return references;
  }

  private static String file(JavaClass type) {
    return Walls.outermost(type).getName();
  }

  private static Set<String> reached(String from, Map<String, Set<String>> references) {
    var reached = new HashSet<String>();
    var pending = new ArrayDeque<>(Set.of(from));
    while (!pending.isEmpty()) {
      for (var other : references.getOrDefault(pending.remove(), Set.of())) {
        if (reached.add(other)) {
          pending.add(other);
        }
      }
    }
    return reached;
  }

  private static SortedSet<String> group(
      String file, Set<String> others, Map<String, Set<String>> reached) {
    var group = new TreeSet<String>();
    for (var other : others) {
      if (reached.getOrDefault(other, Set.of()).contains(file)) {
        group.add(other);
      }
    }
    return group;
  }
}
