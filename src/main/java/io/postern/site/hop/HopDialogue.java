package io.postern.site.hop;

import io.postern.model.MailProtocol;
import io.postern.wire.HandOver;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is said to the back end of another site, and what its answers mean. */
interface HopDialogue {
  /** A response code and the text behind it. */
  Pattern CODE = Pattern.compile("\\[([^\\]\\r\\n]{1,1000})\\] ?(.*)");

  /**
   * The dialogue of a protocol.
   *
   * @throws IllegalArgumentException for LMTP, which has no login
   */
  static HopDialogue of(MailProtocol protocol) {
    return switch (protocol) {
      case IMAP -> new ImapDialogue();
      case POP3 -> new Pop3Dialogue();
      case LMTP -> throw new IllegalArgumentException("LMTP has no login");
    };
  }

  /**
   * All commands, sent in one write: the data of the client, and the account to log in.
   *
   * @param account the login name of the account whose mailboxes are opened
   */
  Buffer opening(HandOver handOver, String account);

  /** Takes a line of the answers, without its end; empty while more are needed. */
  Optional<Verdict> line(String line);

  /** Whether a line begins with these words, and not with longer ones. */
  static boolean begins(String line, String words) {
    return line.equals(words) || line.startsWith(words + " ");
  }

  /** The verdict of a refused login, by its response code. */
  static Verdict refused(String text) {
    var form = CODE.matcher(text);
    if (!form.matches()) {
      return new Verdict.Denied();
    }
    var code = form.group(1);
    int space = code.indexOf(' ');
    return switch (space < 0 ? code : code.substring(0, space)) {
      case "AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED", "AUTH" -> new Verdict.Denied();
      case "UNAVAILABLE", "SYS/TEMP" -> new Verdict.Unavailable(text);
      case "REFERRAL" -> new Verdict.NotHome();
      case "SERVERBUG", "CLIENTBUG", "SYS/PERM" -> new Verdict.Misconfigured(text);
      default ->
          code.startsWith("REFERRAL/")
              ? new Verdict.NotHome()
              : new Verdict.Refused(code, form.group(2));
    };
  }
}
