package io.postern.admin.cli.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.transfer.RemoteMailbox;
import io.postern.transfer.archive.ArchivedMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A mailbox of an account, over the administration API. */
public final class ApiMailbox implements RemoteMailbox {
  private final AdminApi api;
  private final String account;
  private final String mailbox;

  public ApiMailbox(AdminApi api, String account, String mailbox) {
    this.api = api;
    this.account = account;
    this.mailbox = mailbox;
  }

  /** The mailboxes of an account, as the API shows them. */
  public static Iterable<JsonNode> all(AdminApi api, String account) {
    return api.get(AdminApi.path("accounts", account, "mailboxes"), Map.of()).path("items");
  }

  /** The mailbox as the API shows it; created if there is none. */
  public JsonNode require(boolean create) {
    for (var item : all(api, account)) {
      if (item.path("name").asText().equals(mailbox)) {
        return item;
      }
    }
    if (!create) {
      throw new CommandFailure("The account " + account + " has no mailbox \"" + mailbox + "\"");
    }
    return api.send(
        "POST", AdminApi.path("accounts", account, "mailboxes"), Map.of("name", mailbox));
  }

  private String path(String... more) {
    var all = new ArrayList<>(List.of("accounts", account, "messages"));
    all.addAll(List.of(more));
    return AdminApi.path(all.toArray(String[]::new));
  }

  @Override
  public void list(Consumer<Stored> each) {
    api.pages(
        path(),
        Map.of("mailbox", mailbox),
        page -> page.path("items").forEach(item -> each.accept(stored(item))));
  }

  private static Stored stored(JsonNode item) {
    var flags = new ArrayList<String>();
    item.path("flags").forEach(flag -> flags.add(flag.asText()));
    return new Stored(
        item.path("uid").asLong(),
        item.path("size").asLong(),
        OffsetDateTime.parse(item.path("internalDate").asText()),
        flags);
  }

  @Override
  public void read(long uid, OutputStream to) throws IOException {
    api.download(AdminApi.withQuery(path(Long.toString(uid)), Map.of("mailbox", mailbox)), to);
  }

  @Override
  public void add(ArchivedMessage message) throws IOException {
    var query = new StringBuilder(path());
    query.append("?mailbox=").append(AdminApi.encoded(mailbox));
    query.append("&internalDate=").append(AdminApi.encoded(message.date().toString()));
    for (var flag : message.flags()) {
      query.append("&flag=").append(AdminApi.encoded(flag));
    }
    api.upload(query.toString(), "message/rfc822", message.octets());
  }
}
