package io.postern.observe.log;

import java.util.Map;

/** A log parameter that JSON shows as fields and text shows by its {@code toString}. */
public interface LogFields {
  /** Returns names and values: text, numbers, booleans. */
  Map<String, Object> fields();
}
