package io.postern.imap.response;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.postern.imap.response.StatusResponse.Condition;
import io.postern.imap.response.Untagged.ReturnData;
import io.postern.model.MailboxName;
import io.postern.model.NumberSet;
import io.postern.model.UidValidity;
import io.postern.model.message.Keywords;
import io.postern.model.message.SystemFlag;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ResponseEncoderTest {
  private static final NumberSet SET = NumberSet.range(3, 5).union(NumberSet.of(9));
  private static final FetchData.FlagList SEEN =
      new FetchData.FlagList(SystemFlag.SEEN.bit(), Keywords.NONE, true);

  private static String encoded(Untagged response, String... enabled) {
    var encoder = new ResponseEncoder();
    encoder.enabled(EnabledExtensions.NONE.with(Set.of(enabled)));
    var out = new ResponseText();
    encoder.untagged(response, out);
    return out.buffer().toString(StandardCharsets.UTF_8);
  }

  private static String tagged(StatusResponse response) {
    var out = new ResponseText();
    new ResponseEncoder().tagged("a1", response, out);
    return out.buffer().toString(StandardCharsets.UTF_8);
  }

  @Test
  void statusResponsesHaveTheirCodesInBrackets() {
    assertEquals("a1 OK Done.\r\n", tagged(StatusResponse.of(Condition.OK, "Done.")));
    assertEquals(
        "a1 NO [TRYCREATE] None?such.\r\n",
        tagged(
            StatusResponse.of(
                Condition.NO, new ResponseCode.Atom("TRYCREATE"), "None\r" + "such.")));
    assertEquals(
        "* OK [COPYUID 7 3:5,9 3:5,9] Moved.\r\n",
        encoded(
            new Untagged.Status(
                StatusResponse.of(
                    Condition.OK,
                    new ResponseCode.CopyUid(new UidValidity(7), SET, SET),
                    "Moved."))));
    assertEquals(
        "* OK [PERMANENTFLAGS (\\Seen \\*)] These.\r\n",
        encoded(
            new Untagged.Status(
                StatusResponse.of(
                    Condition.OK,
                    new ResponseCode.PermanentFlags(SystemFlag.SEEN.bit(), Keywords.NONE, true),
                    "These."))));
  }

  @Test
  void modSequencesAreShownOnlyToAClientThatEnabledThem() {
    var flags = new Untagged.MessageFlags(2, 20, false, SEEN, 99);
    assertEquals("* 2 FETCH (FLAGS (\\Seen \\Recent))\r\n", encoded(flags));
    assertEquals(
        "* 2 FETCH (UID 20 FLAGS (\\Seen \\Recent) MODSEQ (99))\r\n", encoded(flags, "CONDSTORE"));
    assertEquals(
        "* 2 FETCH (UID 20 FLAGS (\\Seen \\Recent) MODSEQ (99))\r\n", encoded(flags, "QRESYNC"));
  }

  @Test
  void expungedMessagesAreShownByUidUnderQresyncAndUidonly() {
    var expunged = new Untagged.Expunged(2, 20);
    assertEquals("* 2 EXPUNGE\r\n", encoded(expunged));
    assertEquals("* VANISHED 20\r\n", encoded(expunged, "QRESYNC"));
    assertEquals("* VANISHED 20\r\n", encoded(expunged, "UIDONLY"));
    assertEquals("* VANISHED (EARLIER) 3:5,9\r\n", encoded(new Untagged.Vanished(SET, true)));
  }

  @Test
  void noSequenceNumberIsShownUnderUidonly() {
    assertEquals(
        "* 20 UIDFETCH (FLAGS (\\Seen \\Recent))\r\n",
        encoded(new Untagged.MessageFlags(2, 20, true, SEEN, 99), "UIDONLY"));
    assertEquals(
        "* 20 UIDFETCH (RFC822.SIZE 5)\r\n",
        encoded(
            new Untagged.MessageData(2, 20, List.of(new FetchData.Numeric("RFC822.SIZE", 5))),
            "UIDONLY"));
  }

  @Test
  void imap4rev2HasNoRecentMessages() {
    assertEquals("* 4 RECENT\r\n", encoded(new Untagged.Recent(4)));
    assertEquals("", encoded(new Untagged.Recent(4), "IMAP4REV2"));
    assertEquals(
        "* 2 FETCH (FLAGS (\\Seen))\r\n",
        encoded(new Untagged.MessageFlags(2, 20, false, SEEN, 99), "IMAP4REV2"));
  }

  @Test
  void mailboxNamesAreInUtf8OnlyForAClientThatAcceptsIt() {
    var listed =
        new Untagged.Listed(
            Untagged.Listing.LIST,
            List.of("\\HasNoChildren"),
            Optional.of(new MailboxName("Entw\u00fcrfe")));
    assertEquals("* LIST (\\HasNoChildren) \"/\" Entw&APw-rfe\r\n", encoded(listed));
    var utf8 = "* LIST (\\HasNoChildren) \"/\" \"Entw\u00fcrfe\"\r\n";
    assertEquals(utf8, encoded(listed, "UTF8=ACCEPT"));
    assertEquals(utf8, encoded(listed, "IMAP4REV2"));
  }

  @Test
  void aSectionIsALiteralOrNil() {
    var label = Buffer.buffer("BODY[1]<0>");
    var items =
        List.<FetchData>of(
            new FetchData.Section(label, Optional.empty()),
            new FetchData.Section(label, Optional.of(Buffer.buffer("ab"))));
    assertEquals(
        "* 2 FETCH (BODY[1]<0> NIL BODY[1]<0> {2}\r\nab)\r\n",
        encoded(new Untagged.MessageData(2, 20, items)));
  }

  @Test
  void esearchShowsItsTagAndWhatWasAskedFor() {
    var data =
        List.<ReturnData>of(new ReturnData.Numeric("COUNT", 4), new ReturnData.Numbers("ALL", SET));
    assertEquals(
        "* ESEARCH (TAG \"a1\") UID COUNT 4 ALL 3:5,9\r\n",
        encoded(new Untagged.Esearch("a1", true, data)));
    assertEquals(
        "* ESEARCH (TAG \"a1\")\r\n", encoded(Untagged.Esearch.all("a1", false, NumberSet.EMPTY)));
  }

  @Test
  void onlyOctetsWithNulAreALiteral8() {
    var label = Buffer.buffer("BINARY[1]");
    var octets = Optional.of(Buffer.buffer("a\0"));
    assertEquals(
        "* 2 FETCH (BINARY[1] ~{2}\r\na\0)\r\n",
        encoded(
            new Untagged.MessageData(2, 20, List.of(new FetchData.Section(label, octets, true)))));
  }

  @Test
  void progressIsShownWithTheTagAndWhatIsKnown() {
    var known = new ResponseCode.InProgress("a1", OptionalLong.of(4), OptionalLong.of(9));
    var unknown = new ResponseCode.InProgress("a1", OptionalLong.empty(), OptionalLong.empty());
    assertEquals("* OK [INPROGRESS (\"a1\" 4 9)] On.\r\n", encoded(status(known)));
    assertEquals("* OK [INPROGRESS (\"a1\" NIL NIL)] On.\r\n", encoded(status(unknown)));
  }

  @Test
  void aBadUrlEndsNoResponseCode() {
    assertEquals("* OK [BADURL /a?b?] On.\r\n", encoded(status(new ResponseCode.BadUrl("/a]b\n"))));
  }

  private static Untagged status(ResponseCode code) {
    return new Untagged.Status(StatusResponse.of(Condition.OK, code, "On."));
  }

  @Test
  void imap4rev2IsEnabledByItsName() {
    assertEquals(
        "* ENABLED IMAP4rev2 QRESYNC\r\n",
        encoded(new Untagged.Enabled(new LinkedHashSet<>(List.of("IMAP4REV2", "QRESYNC")))));
  }

  @Test
  void aFollowedResultShowsWhatLeavesAndWhatJoins() {
    var data =
        List.<ReturnData>of(
            new ReturnData.Update("REMOVEFROM", NumberSet.of(2)),
            new ReturnData.Update("ADDTO", SET));
    assertEquals(
        "* ESEARCH (TAG \"a1\") UID REMOVEFROM (0 2) ADDTO (0 3:5,9)\r\n",
        encoded(new Untagged.Esearch("a1", true, data)));
    assertEquals(
        "* OK [NOUPDATE \"a1\"] On.\r\n", encoded(status(new ResponseCode.NoUpdate("a1"))));
  }

  @Test
  void aSearchOfSeveralMailboxesNamesEach() {
    var source = new Untagged.Source(new MailboxName("a b"), new UidValidity(7));
    var data = List.<ReturnData>of(new ReturnData.Numbers("ALL", SET));
    assertEquals(
        "* ESEARCH (TAG \"a1\" MAILBOX \"a b\" UIDVALIDITY 7) UID ALL 3:5,9\r\n",
        encoded(new Untagged.Esearch("a1", Optional.of(source), true, data)));
  }
}
