package io.postern.app.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.postern.auth.Identity;
import io.postern.config.TestSettings;
import io.postern.model.CalendarFormat;
import io.postern.model.Ids.AccountId;
import io.postern.model.MailProtocol;
import io.postern.model.MimeFormat;
import io.postern.model.RetrievalOptions;
import io.postern.render.RenderOptions;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MessageRetrievalTest {
  private static final String ITEM = "account=ada%40example.test&item=";

  private static RenderOptions options(RetrievalOptions own, String... settings) {
    var identity = new Identity(new AccountId(7), "ada@example.test", "ada@example.test", own);
    return MessageRetrieval.options(TestSettings.of(settings), MailProtocol.IMAP, identity);
  }

  private static Optional<String> link(RetrievalOptions own, String... settings) {
    return options(own, settings).calendarLink();
  }

  @Test
  void byDefaultMessagesAreShownAsStored() {
    assertThat(options(RetrievalOptions.DEFAULTS)).isEqualTo(RenderOptions.STORED);
    assertThat(
            options(RetrievalOptions.DEFAULTS, "mail.pop3.message-retrieval-mime-format=text-only"))
        .isEqualTo(RenderOptions.STORED);
  }

  @Test
  void theSettingsOfTheProtocolDecide() {
    assertThat(
            options(
                RetrievalOptions.DEFAULTS,
                "mail.imap.message-retrieval-mime-format=tnef",
                "mail.imap.suppress-read-receipt=true"))
        .isEqualTo(new RenderOptions(MimeFormat.TNEF, Optional.empty(), true));
  }

  @Test
  void theOptionsOfAMailboxDecideWhereItHasItsOwn() {
    var own =
        new RetrievalOptions(false, MimeFormat.TEXT_ONLY, CalendarFormat.ICALENDAR, false, false);
    assertThat(
            options(
                own,
                "mail.imap.message-retrieval-mime-format=tnef",
                "mail.imap.suppress-read-receipt=true"))
        .isEqualTo(new RenderOptions(MimeFormat.TEXT_ONLY, Optional.empty(), false));
    var ineffective =
        new RetrievalOptions(true, MimeFormat.TEXT_ONLY, CalendarFormat.CUSTOM, true, true);
    assertThat(options(ineffective)).isEqualTo(RenderOptions.STORED);
  }

  @Test
  void linksNameTheAccount() {
    var internal = "mail.imap.internal-connection-settings=in.example.test:993:SSL";
    var external = "mail.imap.external-connection-settings=out.example.test:993:SSL";
    var custom = "mail.imap.owa-server-url=https://owa.example.test/x?a=b";
    var option = "mail.imap.calendar-item-retrieval-option=";
    var defaults = RetrievalOptions.DEFAULTS;
    assertThat(link(defaults, internal, external, option + "intranet-url"))
        .hasValue("https://in.example.test/owa/?" + ITEM);
    assertThat(link(defaults, internal, external, option + "internet-url"))
        .hasValue("https://out.example.test/owa/?" + ITEM);
    assertThat(link(defaults, custom, option + "custom"))
        .hasValue("https://owa.example.test/x?a=b&" + ITEM);
  }

  @Test
  void aMailboxCanBeForcedToICalendar() {
    var custom =
        new String[] {
          "mail.imap.owa-server-url=https://owa.example.test/",
          "mail.imap.calendar-item-retrieval-option=custom"
        };
    var forced =
        new RetrievalOptions(
            false, MimeFormat.BEST_BODY_FORMAT, CalendarFormat.CUSTOM, false, true);
    assertThat(options(forced, custom)).isEqualTo(RenderOptions.STORED);
    var linked =
        new RetrievalOptions(
            false, MimeFormat.BEST_BODY_FORMAT, CalendarFormat.CUSTOM, false, false);
    assertThat(link(linked, custom)).isPresent();
    // The settings may lose the URL that the mailbox relies on.
    assertThat(options(linked)).isEqualTo(RenderOptions.STORED);
  }
}
