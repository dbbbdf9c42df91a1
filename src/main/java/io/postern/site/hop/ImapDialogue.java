package io.postern.site.hop;

import io.postern.site.HandOverFields;
import io.postern.wire.HandOver;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** ID and AUTHENTICATE EXTERNAL (RFC 2971, RFC 4959). */
final class ImapDialogue implements HopDialogue {
  private static final String ID = "I";
  private static final String LOGIN = "L";

  @Override
  public Buffer opening(HandOver handOver, String account) {
    var out = Buffer.buffer(ID + " ID (");
    var fields = HandOverFields.write(handOver);
    fields.forEach(
        (name, value) -> {
          out.appendString(name.equals(fields.firstEntry().getKey()) ? "" : " ");
          string(out, name);
          out.appendString(" ");
          string(out, value);
        });
    var identity = Base64.getEncoder().encodeToString(account.getBytes(StandardCharsets.UTF_8));
    return out.appendString(")\r\n" + LOGIN + " AUTHENTICATE EXTERNAL " + identity + "\r\n");
  }

  /** RFC 3501 §9: a quoted string holds 7-bit text; others are sent as a literal (RFC 7888). */
  private static void string(Buffer out, String text) {
    var octets = text.getBytes(StandardCharsets.UTF_8);
    if (text.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      out.appendString("\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
    } else {
      out.appendString("{" + octets.length + "+}\r\n").appendBytes(octets);
    }
  }

  @Override
  public Optional<Verdict> line(String line) {
    if (line.startsWith("* BYE")) {
      return Optional.of(new Verdict.Unavailable(line));
    }
    // Any untagged line may come: the greeting, ID, CAPABILITY (RFC 3501 §7).
    if (line.startsWith("* ") || HopDialogue.begins(line, ID + " OK")) {
      return Optional.empty();
    }
    var login = LOGIN + " ";
    if (HopDialogue.begins(line, login + "OK")) {
      return Optional.of(new Verdict.Entered(line.substring(login.length())));
    }
    return Optional.of(
        line.startsWith(login + "NO ")
            ? HopDialogue.refused(line.substring(login.length() + 3))
            : new Verdict.Misconfigured(line));
  }
}
