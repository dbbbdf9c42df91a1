package io.postern.observe.log;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.Writer;
import java.util.Map;
import java.util.regex.Pattern;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.StructuredFormatter;
import org.jspecify.annotations.Nullable;

/**
 * Formats a log line as one JSON object, with the fields of our own lines. The log manager's own
 * JSON formatter does not find, in the package, the JSON library that it needs.
 */
final class JsonLine extends StructuredFormatter {
  private static final Pattern SESSION = Pattern.compile("^session ([0-9a-f]{16})\\b");
  private static final JsonFactory JSON = new JsonFactory();

  JsonLine() {
    setExceptionOutputType(ExceptionOutputType.FORMATTED);
  }

  @Override
  protected Generator createGenerator(Writer writer) throws IOException {
    return new Fields(JSON.createGenerator(writer));
  }

  @Override
  protected void after(Generator generator, ExtLogRecord record) throws Exception {
    var session = SESSION.matcher(formatMessage(record));
    if (session.find()) {
      generator.add("sessionId", session.group(1));
    }
    if (record.getParameters() == null) {
      return;
    }
    for (var parameter : record.getParameters()) {
      if (parameter instanceof LogFields told) {
        for (var fact : told.facts().entrySet()) {
          add(generator, fact.getKey(), fact.getValue());
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

  /** Writes the fields of one line. */
  private record Fields(JsonGenerator json) implements Generator {
    @Override
    public Generator begin() throws IOException {
      json.writeStartObject();
      return this;
    }

    @Override
    public Generator add(String name, int value) throws IOException {
      json.writeNumberField(name, value);
      return this;
    }

    @Override
    public Generator add(String name, long value) throws IOException {
      json.writeNumberField(name, value);
      return this;
    }

    @Override
    public Generator add(String name, @Nullable String value) throws IOException {
      json.writeStringField(name, value);
      return this;
    }

    @Override
    public Generator add(String name, @Nullable Map<String, ?> value) throws IOException {
      json.writeObjectFieldStart(name);
      if (value != null) {
        for (var entry : value.entrySet()) {
          json.writeStringField(entry.getKey(), String.valueOf(entry.getValue()));
        }
      }
      json.writeEndObject();
      return this;
    }

    @Override
    public Generator startObject(@Nullable String name) throws IOException {
      if (name == null) {
        json.writeStartObject();
      } else {
        json.writeObjectFieldStart(name);
      }
      return this;
    }

    @Override
    public Generator endObject() throws IOException {
      json.writeEndObject();
      return this;
    }

    @Override
    public Generator startArray(String name) throws IOException {
      json.writeArrayFieldStart(name);
      return this;
    }

    @Override
    public Generator endArray() throws IOException {
      json.writeEndArray();
      return this;
    }

    @Override
    public Generator end() throws IOException {
      json.writeEndObject();
      json.flush();
      return this;
    }

    @Override
    public boolean wrapArrays() {
      return true;
    }
  }
}
