package io.postern.render;

import io.postern.mime.PartTree;
import io.postern.mime.header.KeptField;
import io.postern.mime.text.HeaderText;
import io.postern.model.MimeFormat;
import io.postern.render.MessageBody.Alternative;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The body of one message in the format that was asked for. */
final class BodyRendering {
  private static final String PGP = "-----BEGIN PGP ";

  private final RenderOptions options;
  private final StoredPart message;
  private final PartTree root;
  private final MessageBody body;
  private final Optional<String> link;

  /** Identifies the message, and is in no octets of it by chance. */
  private final String hash;

  private int boundaries;

  /**
   * What replaces a part of the message.
   *
   * @param node the part
   * @param entity takes its place
   * @param correlator that the message's header says of the entity's TNEF
   */
  record Edit(PartTree node, Entity entity, Optional<String> correlator) {}

  /**
   * @param id of the message, for a link to it
   * @param hash hexadecimal digits that depend on all of the message that is examined
   */
  BodyRendering(
      RenderOptions options,
      StoredPart message,
      PartTree root,
      MessageBody body,
      String id,
      String hash) {
    this.options = options;
    this.message = message;
    this.root = root;
    this.body = body;
    this.hash = hash;
    boolean invites = body.of(TextKind.CALENDAR).isPresent();
    this.link = options.calendarLink().filter(_ -> invites).map(start -> start + id);
  }

  /** Empty when the body has the format already, or must not be changed. */
  Optional<Edit> edit() {
    var wanted = TextKind.wanted(options.format(), body.kinds());
    boolean tnef = options.format() == MimeFormat.TNEF;
    boolean same = wanted.equals(body.kinds()) && link.isEmpty() && !tnef;
    if (same || isPgp()) {
      return Optional.empty();
    }
    var shown = new ArrayList<Alternative>();
    var entities = new ArrayList<Entity>();
    for (var kind : wanted) {
      body.of(kind).ifPresent(shown::add);
      entities.add(entity(kind));
    }
    if (link.isEmpty()) {
      // MS-OXCMAIL §2.1.3.3: the calendar is the last alternative
      for (var alternative : body.alternatives()) {
        if (alternative.kind() == TextKind.CALENDAR) {
          shown.add(alternative);
          entities.add(new Entity.Existing(alternative.carrier()));
        }
      }
    }
    var core = entities.size() == 1 ? entities.getFirst() : multipart("alternative", entities);
    var extras = extras(shown);
    if (tnef) {
      return Optional.of(withTnef(core, extras));
    }
    // RFC 2387: pictures stay beside the HTML that shows them
    boolean related = body.inRelated() && wanted.contains(TextKind.HTML);
    return Optional.of(
        new Edit(
            related ? body.inner() : body.node(),
            mixed(core, related ? notIn(body.extras(), extras) : extras),
            Optional.empty()));
  }

  /** OpenPGP within text (RFC 4880 §6.2): signed or encrypted. */
  private boolean isPgp() {
    return body.of(TextKind.PLAIN)
        .map(plain -> message.text(plain.leaf()))
        .filter(text -> text.startsWith(PGP) || text.contains("\n" + PGP))
        .isPresent();
  }

  /** The parts of the body that none of the forms has that are shown. */
  private List<PartTree> extras(List<Alternative> shown) {
    var extras = new ArrayList<>(body.extras());
    for (var alternative : body.alternatives()) {
      if (!shown.contains(alternative)) {
        extras.addAll(alternative.extras());
      }
    }
    return extras;
  }

  private static List<PartTree> notIn(List<PartTree> some, List<PartTree> all) {
    return all.stream().filter(part -> !some.contains(part)).toList();
  }

  private Entity mixed(Entity core, List<PartTree> extras) {
    if (extras.isEmpty()) {
      return core;
    }
    var parts = new ArrayList<>(List.of(core));
    extras.forEach(part -> parts.add(new Entity.Existing(part)));
    return multipart("mixed", parts);
  }

  private Entity multipart(String subtype, List<? extends Entity> parts) {
    // "=_" is in no text that is encoded as quoted-printable or base64 (RFC 2045 §6.7).
    return Entity.multipart(subtype, "=_" + ++boundaries + "_" + hash, parts, message);
  }

  private Edit withTnef(Entity core, List<PartTree> extras) {
    var correlator = "<" + hash + "@tnef>";
    var html = body.of(TextKind.HTML).isPresent() ? html() : "";
    var subject = message.value(root, KeptField.SUBJECT).map(HeaderText::decode).orElse("");
    var octets = TnefWriter.encode(correlator, subject, plain(), html);
    var tnef =
        new Entity.Made(
            """
            Content-Type: application/ms-tnef; name="winmail.dat"
            Content-Disposition: attachment; filename="winmail.dat"
            Content-Transfer-Encoding: base64
            """
                .replace("\n", "\r\n"),
            List.of(Segment.Made.of(TextEncoding.base64(octets))));
    var parts = new ArrayList<Entity>(List.of(core, tnef));
    extras.forEach(part -> parts.add(new Entity.Existing(part)));
    return new Edit(body.node(), multipart("mixed", parts), Optional.of(correlator));
  }

  /** The form of a kind: as it is stored where it need not be changed. */
  private Entity entity(TextKind kind) {
    var stored = body.of(kind);
    if (link.isEmpty() && stored.isPresent()) {
      return new Entity.Existing(stored.get().carrier());
    }
    var made =
        switch (kind) {
          case PLAIN -> Entity.text("plain", plain());
          case ENRICHED -> Entity.text("enriched", enriched());
          case HTML -> Entity.text("html", html());
          case CALENDAR -> throw new IllegalArgumentException("no format asks for a calendar");
        };
    return stored.map(it -> replaced(it, made)).orElse(made);
  }

  /** The part that carries a form, with another text in it. */
  private Entity replaced(Alternative stored, Entity.Made made) {
    var carrier = stored.carrier();
    var leaf = stored.leaf();
    if (carrier.equals(leaf)) {
      return made;
    }
    var octets = new ArrayList<Segment>();
    octets.add(new Segment.Stored(carrier.bodyStart(), leaf.headerStart()));
    octets.addAll(made.whole(message));
    octets.add(new Segment.Stored(leaf.end(), carrier.end()));
    return new Entity.Made(message.fields(carrier, StoredPart.OF_CONTENT, true), octets);
  }

  private Optional<String> text(TextKind kind) {
    return body.of(kind).map(it -> message.text(it.leaf()));
  }

  private String plain() {
    var text =
        text(TextKind.PLAIN)
            .or(() -> text(TextKind.HTML).map(HtmlText::toPlain))
            .or(() -> text(TextKind.ENRICHED).map(EnrichedText::toPlain))
            .orElseGet(this::event);
    return link.map(url -> text.stripTrailing() + "\n\nMeeting request: " + url + "\n")
        .orElse(text);
  }

  private String event() {
    return text(TextKind.CALENDAR).map(EventSummary::of).orElse("");
  }

  private String html() {
    var html =
        text(TextKind.HTML)
            .or(() -> text(TextKind.ENRICHED).map(EnrichedText::toHtml))
            .or(() -> text(TextKind.PLAIN).map(PlainText::toHtml))
            .orElseGet(() -> PlainText.toHtml(event()));
    return link.map(PlainText::escaped)
        .map(url -> "<p>Meeting request: <a href=\"" + url + "\">" + url + "</a></p>\n")
        .map(line -> beforeEnd(html, line))
        .orElse(html);
  }

  private static String beforeEnd(String html, String line) {
    int end = html.toLowerCase(Locale.ROOT).lastIndexOf("</body");
    return end < 0 ? html + "\n" + line : html.substring(0, end) + line + html.substring(end);
  }

  private String enriched() {
    var text =
        text(TextKind.ENRICHED)
            .or(() -> text(TextKind.HTML).map(HtmlText::toEnriched))
            .or(() -> text(TextKind.PLAIN).map(PlainText::toEnriched))
            .orElseGet(() -> PlainText.toEnriched(event()));
    return link.map(url -> text.stripTrailing() + "\n\n\n\nMeeting request: " + url + "\n\n")
        .orElse(text);
  }
}
