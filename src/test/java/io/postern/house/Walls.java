package io.postern.house;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Optional;

/** Which class may use which, by the table of {@link Rooms}. */
final class Walls {
  static final String BASE = "io.postern";

  private Walls() {}

  /** The room of a class, by its name in the table; empty if there is no such row. */
  static Optional<String> of(JavaClass type) {
    var name = type.getPackageName();
    return Optional.of(name)
        .filter(it -> it.startsWith(BASE + "."))
        .map(it -> it.substring(BASE.length() + 1))
        .filter(Rooms.MAY_IMPORT::containsKey);
  }

  /** Whether a class of one room may use a class of the same or another. */
  static boolean mayImport(String room, JavaClass target) {
    var there = of(target).orElse("");
    if (there.equals(room)) {
      return true;
    }
    return !there.equals("embedded")
        && !there.equals("app")
        && (!there.startsWith("app.") || room.equals("app"))
        && Rooms.MAY_IMPORT.getOrDefault(room, List.of()).stream()
            .anyMatch(opening -> opens(opening, there, outermost(target)));
  }

  private static boolean opens(String opening, String room, JavaClass target) {
    var parts = opening.split("/", 2);
    return opening.equals(Rooms.EVERYTHING)
        || (parts[0].equals(room)
            && (parts.length == 1 || target.getSimpleName().startsWith(parts[1])));
  }

  /** The class that a file is named after. */
  static JavaClass outermost(JavaClass type) {
    var element = type.getBaseComponentType();
    return element.getEnclosingClass().map(Walls::outermost).orElse(element);
  }
}
