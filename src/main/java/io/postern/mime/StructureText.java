package io.postern.mime;

import io.postern.mime.header.MimeHeader;
import io.postern.mime.header.MimeValue;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/** Writes the wire forms of BODY and BODYSTRUCTURE (RFC 3501 §7.4.2, grammar in §9). */
final class StructureText {
  private final WireText out = new WireText();
  private final boolean extended;

  private StructureText(boolean extended) {
    this.extended = extended;
  }

  /** BODY: without extension data. */
  static Buffer body(ScanPart root) {
    return wire(root, false);
  }

  /** BODYSTRUCTURE: with extension data. */
  static Buffer bodyStructure(ScanPart root) {
    return wire(root, true);
  }

  private static Buffer wire(ScanPart root, boolean extended) {
    var text = new StructureText(extended);
    text.part(root);
    return text.out.buffer();
  }

  private void part(ScanPart part) {
    out.raw("(");
    if (part.header.isMultipart()) {
      multipart(part);
    } else {
      single(part);
    }
    out.raw(")");
  }

  // RFC 3501 §9: body-type-mpart
  private void multipart(ScanPart part) {
    part.children.forEach(this::part);
    out.raw(" ").string(part.header.subtype());
    if (extended) {
      out.raw(" ");
      parameters(part.header.parameters());
      placing(part.header);
    }
  }

  // RFC 3501 §9: body-type-1part
  private void single(ScanPart part) {
    var header = part.header;
    out.string(header.type()).raw(" ").string(header.subtype()).raw(" ");
    parameters(header.parameters());
    out.raw(" ").nstring(header.id()).raw(" ").nstring(header.description());
    out.raw(" ").string(header.encoding()).raw(" ").number(part.end - part.bodyStart);
    if (!part.children.isEmpty()) {
      var message = part.children.getFirst();
      out.raw(" ").bytes(message.envelope.getBytes()).raw(" ");
      part(message);
      out.raw(" ").number(part.lines);
    } else if (header.type().equalsIgnoreCase("text")) {
      out.raw(" ").number(part.lines);
    }
    if (extended) {
      out.raw(" ").nstring(header.md5());
      placing(header);
    }
  }

  /** Writes disposition, language, location: the end of both kinds of extension data. */
  private void placing(MimeHeader header) {
    out.raw(" ");
    disposition(header.disposition());
    out.raw(" ");
    languages(header.languages());
    out.raw(" ").nstring(header.location());
  }

  private void disposition(Optional<MimeValue> disposition) {
    if (disposition.isEmpty()) {
      out.raw("NIL");
      return;
    }
    out.raw("(").string(disposition.get().value()).raw(" ");
    parameters(disposition.get().parameters());
    out.raw(")");
  }

  private void languages(List<String> languages) {
    if (languages.isEmpty()) {
      out.raw("NIL");
      return;
    }
    var gap = "(";
    for (var language : languages) {
      out.raw(gap).string(language);
      gap = " ";
    }
    out.raw(")");
  }

  private void parameters(List<MimeValue.Parameter> parameters) {
    if (parameters.isEmpty()) {
      out.raw("NIL");
      return;
    }
    var gap = "(";
    for (var parameter : parameters) {
      out.raw(gap).string(parameter.name()).raw(" ").string(parameter.value());
      gap = " ";
    }
    out.raw(")");
  }
}
