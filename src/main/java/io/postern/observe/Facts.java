package io.postern.observe;

import java.util.Map;

/** A parameter of a log line that a machine reads as fields; people read its text. */
interface Facts {
  /** Names and values: text, numbers, truth values. */
  Map<String, Object> facts();
}
