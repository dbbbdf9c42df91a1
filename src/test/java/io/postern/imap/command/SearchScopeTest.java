package io.postern.imap.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.postern.imap.grammar.Arguments;
import io.postern.imap.grammar.BadSyntax;
import io.postern.model.Ids.AccountId;
import io.postern.model.Ids.MailboxId;
import io.postern.model.Ids.MailboxKey;
import io.postern.model.MailboxInfo;
import io.postern.model.MailboxName;
import io.postern.model.UidValidity;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The mailboxes that ESEARCH goes through (RFC 7377 §2.2). */
class SearchScopeTest {
  private static final List<String> NAMES =
      List.of("INBOX", "INBOX/a", "a", "a/b", "a/b/c", "ab", "z");

  private static List<MailboxInfo> mailboxes() {
    var all = new ArrayList<MailboxInfo>();
    for (var name : NAMES) {
      var key = new MailboxKey(new AccountId(1), new MailboxId(all.size() + 1));
      all.add(new MailboxInfo(key, new MailboxName(name), new UidValidity(1), Optional.empty()));
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "(inboxes); INBOX",
        "(personal); INBOX INBOX/a a a/b a/b/c ab z",
        "(subscribed); a/b/c",
        "(selected); ''",
        "(mailboxes a); a",
        "(mailboxes (a z nowhere)); a z",
        "(subtree a); a a/b a/b/c",
        "(subtree (a inbox)); INBOX INBOX/a a a/b a/b/c",
        "(subtree-one a); a a/b",
        "(subtree-one a/b mailboxes z INBOXES); INBOX a/b a/b/c z"
      })
  void namesMailboxes(String scope, String expected) throws BadSyntax {
    var found =
        SearchScope.read(Arguments.of(scope)).of(mailboxes(), Set.of(new MailboxName("a/b/c")));
    assertThat(String.join(" ", found.stream().map(it -> it.name().value()).toList()))
        .isEqualTo(expected);
  }

  @Test
  void hasAtMost256Names() throws BadSyntax {
    var most = new StringBuilder();
    for (int i = 0; i < SearchScope.MAX_NAMES; i++) {
      most.append(i == 0 ? "" : " ").append('n').append(i);
    }
    SearchScope.read(Arguments.of("(mailboxes (" + most + "))"));
    var more = Arguments.of("(mailboxes (" + most + ") subtree one)");
    assertThrows(BadSyntax.class, () -> SearchScope.read(more));
  }
}
