package io.postern.observe.log;

import java.util.Map;

/** A parameter of a log line that a machine reads as fields; people read its text. */
interface LogFields {
  /** Names and values: text, numbers, truth values. */
  Map<String, Object> facts();
}
