package io.postern.sessions;

import io.postern.sessions.Script.Closed;
import io.postern.sessions.Script.Expected;
import io.postern.sessions.Script.Hear;
import io.postern.sessions.Script.Line;
import io.postern.sessions.Script.Others;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Untagged answers in any order and the one that ends them: tagged, a request to go on, or the end
 * of the connection. Without an end, the group ends when all that must come has come.
 *
 * @param untagged the untagged answers expected
 * @param others whether any others may stand among them
 * @param end what ends the group
 */
record Group(List<Line> untagged, boolean others, Optional<Expected> end) {
  static List<Group> of(Hear hear) {
    var groups = new ArrayList<Group>();
    var untagged = new ArrayList<Line>();
    var others = false;
    for (var expected : hear.lines()) {
      switch (expected) {
        case Others _ -> others = true;
        case Line line when line.text().startsWith("* ") -> untagged.add(line);
        case Line _, Closed _ -> {
          groups.add(new Group(List.copyOf(untagged), others, Optional.of(expected)));
          untagged.clear();
          others = false;
        }
      }
    }
    if (!untagged.isEmpty() || others) {
      groups.add(new Group(List.copyOf(untagged), others, Optional.empty()));
    }
    return groups;
  }
}
