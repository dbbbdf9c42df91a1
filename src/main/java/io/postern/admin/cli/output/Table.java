package io.postern.admin.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.StreamSupport;

/** Lays rows out in columns that are as wide as their widest text. */
public final class Table {
  private static final String GAP = "   ";

  private final List<String> fields;
  private final List<List<String>> rows = new ArrayList<>();

  /**
   * @param fields the members of each item, in the order of the columns
   */
  public Table(List<String> fields) {
    this.fields = List.copyOf(fields);
    rows.add(fields.stream().map(Table::heading).toList());
  }

  /** {@code keptUntil} becomes {@code KEPT UNTIL}. */
  private static String heading(String field) {
    return field.replaceAll("([a-z])([A-Z])", "$1 $2").toUpperCase(Locale.ROOT);
  }

  /** Adds a row. */
  public void add(JsonNode item) {
    rows.add(fields.stream().map(field -> text(item.path(field))).toList());
  }

  private static String text(JsonNode value) {
    if (value.isArray()) {
      return String.join(
          ", ", StreamSupport.stream(value.spliterator(), false).map(Table::text).toList());
    }
    return value.isBoolean() ? value.asBoolean() ? "yes" : "no" : value.asText("");
  }

  /** Each row as a line; none ends in a space. */
  public List<String> lines() {
    var widths = new int[fields.size()];
    for (var row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private static String line(List<String> row, int[] widths) {
    var line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length())).append(GAP);
    }
    return line.toString().stripTrailing();
  }
}
