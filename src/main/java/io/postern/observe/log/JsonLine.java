package io.postern.observe.log;

import io.quarkus.logging.json.runtime.AdditionalField;
import io.quarkus.logging.json.runtime.JsonFormatter;
import io.quarkus.logging.json.runtime.JsonLogConfig.AdditionalFieldConfig;
import io.quarkus.logging.json.runtime.JsonLogConfig.JsonConfig;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jboss.logmanager.ExtLogRecord;

/** The platform's JSON formatter, one object a line, with the fields of our own lines. */
final class JsonLine extends JsonFormatter {
  private static final Pattern SESSION = Pattern.compile("^session ([0-9a-f]{16})\\b");

  /**
   * Makes a formatter.
   *
   * @param settings {@code quarkus.log.console.json}: which fields are written, and their names
   */
  JsonLine(JsonConfig settings) {
    super(
        settings.keyOverrides().orElse(""),
        settings.excludedKeys().orElse(Set.of()),
        fields(settings.additionalField()));
    setExceptionOutputType(settings.exceptionOutputType());
    setPrintDetails(settings.printDetails());
  }

  private static Map<String, AdditionalField> fields(Map<String, AdditionalFieldConfig> settings) {
    var fields = new TreeMap<String, AdditionalField>();
    settings.forEach((name, it) -> fields.put(name, new AdditionalField(it.value(), it.type())));
    return fields;
  }

  @Override
  protected void after(Generator generator, ExtLogRecord record) throws Exception {
    super.after(generator, record);
    var session = SESSION.matcher(formatMessage(record));
    if (session.find()) {
      generator.add("sessionId", session.group(1));
    }
    if (record.getParameters() == null) {
      return;
    }
    for (var parameter : record.getParameters()) {
      if (parameter instanceof LogFields fields) {
        for (var field : fields.fields().entrySet()) {
          add(generator, field.getKey(), field.getValue());
        }
      }
    }
  }

  private static void add(Generator generator, String name, Object value) throws Exception {
    switch (value) {
      case Integer number -> generator.add(name, number);
      case Long number -> generator.add(name, number);
      default -> generator.add(name, value.toString());
    }
  }
}
