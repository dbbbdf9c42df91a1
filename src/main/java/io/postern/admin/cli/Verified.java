package io.postern.admin.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.postern.admin.cli.api.CommandFailure;
import java.util.function.Consumer;

/** Adds up the pages of a verification, and prints what is wrong as it is found. */
final class Verified implements Consumer<JsonNode> {
  private final PosternCommand postern;
  private long mailboxes;
  private long messages;
  private long unowned;
  private long findings;

  Verified(PosternCommand postern) {
    this.postern = postern;
  }

  @Override
  public void accept(JsonNode page) {
    mailboxes += page.path("mailboxes").asLong();
    messages += page.path("messages").asLong();
    unowned += page.path("unownedContents").asLong();
    for (var finding : page.path("findings")) {
      findings++;
      postern
          .out()
          .println(
              postern.isJson()
                  ? finding.toString()
                  : "account %d, mailbox %d: %s"
                      .formatted(
                          finding.path("account").asLong(),
                          finding.path("mailbox").asLong(),
                          finding.path("problem").asText()));
    }
    var next = page.path("next").asText("");
    if (!next.isEmpty()) {
      postern.err().println("Verified %d mailboxes; --after %s goes on".formatted(mailboxes, next));
      postern.err().flush();
    }
  }

  /** Prints the sums; fails if something is wrong. */
  void finish() {
    postern.done(
        "%d mailboxes with %d messages: %d findings, %d contents that no message has"
            .formatted(mailboxes, messages, findings, unowned));
    if (findings > 0) {
      throw new CommandFailure("The store is not consistent: findings=" + findings);
    }
  }
}
