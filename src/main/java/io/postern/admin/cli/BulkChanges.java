package io.postern.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.admin.cli.api.AdminApi;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Applies one change to all accounts that a filter selects, page by page, with progress. */
final class BulkChanges {
  private final PosternCommand postern;
  private long examined;
  private long changed;

  BulkChanges(PosternCommand postern) {
    this.postern = postern;
  }

  /**
   * Changes the accounts.
   *
   * @param after the name behind which to begin; an interrupted run prints it
   */
  void run(Map<String, ?> filter, Map<String, ?> change, Optional<String> after) {
    var body = new LinkedHashMap<String, Object>();
    body.put("filter", filter);
    body.put("change", change);
    var next = after;
    do {
      var query = new LinkedHashMap<String, String>();
      query.put("limit", "100");
      next.ifPresent(it -> query.put("after", it));
      var page = postern.api().send("POST", AdminApi.withQuery("account-changes", query), body);
      print(page);
      next = Optional.of(page.path("next").asText("")).filter(it -> !it.isEmpty());
      next.ifPresent(this::progress);
    } while (next.isPresent());
    postern.done("%d accounts of %d were changed.".formatted(changed, examined));
  }

  private void print(JsonNode page) {
    examined += page.path("examined").asLong();
    changed += page.path("changed").size();
    for (var name : page.path("changed")) {
      postern.out().println(postern.isJson() ? name.toString() : name.asText());
    }
  }

  private void progress(String next) {
    postern
        .err()
        .println("%d of %d changed; --after %s goes on".formatted(changed, examined, next));
    postern.err().flush();
  }
}
