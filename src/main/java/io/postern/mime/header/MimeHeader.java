package io.postern.mime.header;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The content description in a part's header (RFC 2045, 2183, 3282, 2557). Strings hold octets as
 * chars 0 to 255, spelled as in the header.
 */
public record MimeHeader(
    String type,
    String subtype,
    List<MimeValue.Parameter> parameters,
    Optional<String> id,
    Optional<String> description,
    String encoding,
    Optional<String> md5,
    Optional<MimeValue> disposition,
    List<String> languages,
    Optional<String> location) {
  private static final AsciiSet TAG_STOPS = AsciiSet.of(" \t(,");

  private static final MimeValue PLAIN =
      new MimeValue("TEXT/PLAIN", List.of(new MimeValue.Parameter("CHARSET", "US-ASCII")));
  private static final MimeValue MESSAGE = new MimeValue("MESSAGE/RFC822", List.of());

  public MimeHeader {
    parameters = List.copyOf(parameters);
    languages = List.copyOf(languages);
  }

  /** Plain text, for a header without these fields. */
  public static final MimeHeader NONE = of(new HeaderScan(false, 0), false);

  /**
   * Parses the fields.
   *
   * @param inDigest whether the part is one of a multipart/digest
   */
  public static MimeHeader of(HeaderScan header, boolean inDigest) {
    var absent = inDigest ? MESSAGE : PLAIN; // RFC 2046 §5.1.5, RFC 2045 §5.2
    var type =
        header
            .value(KeptField.CONTENT_TYPE)
            .map(MimeValue::parse)
            .filter(MimeHeader::named)
            .map(MimeHeader::withCharset)
            .orElse(absent);
    int slash = type.value().indexOf('/');
    return new MimeHeader(
        type.value().substring(0, slash),
        type.value().substring(slash + 1),
        type.parameters(),
        text(header, KeptField.CONTENT_ID),
        text(header, KeptField.CONTENT_DESCRIPTION),
        encoding(header),
        text(header, KeptField.CONTENT_MD5),
        text(header, KeptField.CONTENT_DISPOSITION)
            .map(MimeValue::parse)
            .filter(d -> !d.value().isEmpty()),
        languages(header),
        text(header, KeptField.CONTENT_LOCATION));
  }

  private static boolean named(MimeValue type) {
    int slash = type.value().indexOf('/');
    return slash > 0 && slash < type.value().length() - 1;
  }

  // RFC 2046 §4.1.2: plain text without a charset is US-ASCII
  private static MimeValue withCharset(MimeValue type) {
    if (!type.value().equalsIgnoreCase("text/plain") || type.parameter("charset").isPresent()) {
      return type;
    }
    var parameters = new ArrayList<>(PLAIN.parameters());
    parameters.addAll(type.parameters());
    return new MimeValue(type.value(), parameters);
  }

  private static Optional<String> text(HeaderScan header, KeptField field) {
    return header.value(field).filter(v -> !v.isEmpty());
  }

  // RFC 2045 §6.1
  private static String encoding(HeaderScan header) {
    return text(header, KeptField.CONTENT_TRANSFER_ENCODING)
        .map(v -> MimeValue.parse(v).value())
        .filter(v -> !v.isEmpty())
        .orElse("7BIT");
  }

  // RFC 3282 §2
  private static List<String> languages(HeaderScan header) {
    var tags = new ArrayList<String>();
    var in = new FieldCursor(header.value(KeptField.CONTENT_LANGUAGE).orElse(""));
    while (!in.done() && tags.size() < MimeValue.MAX_PARAMETERS) {
      in.skipCfws();
      var tag = in.until(TAG_STOPS);
      if (!tag.isEmpty()) {
        tags.add(tag);
      }
      if (in.peek() == ',') {
        in.next();
      }
    }
    return tags;
  }

  /** Describes an undivided part as octets, since its own type requires parts. */
  public MimeHeader asLeaf() {
    return new MimeHeader(
        "APPLICATION",
        "OCTET-STREAM",
        parameters,
        id,
        description,
        encoding,
        md5,
        disposition,
        languages,
        location);
  }

  public boolean is(String type, String subtype) {
    return this.type.equalsIgnoreCase(type) && this.subtype.equalsIgnoreCase(subtype);
  }

  public boolean isMultipart() {
    return type.equalsIgnoreCase("multipart");
  }

  /** Whether the content is a message without a transfer encoding (RFC 2046 §5.2.1). */
  public boolean isPlainMessage() {
    return is("message", "rfc822") && isIdentity();
  }

  private boolean isIdentity() {
    var name = encoding.toLowerCase(Locale.ROOT);
    return !name.equals("base64") && !name.equals("quoted-printable");
  }

  /** The first parameter of this name, or empty text. */
  public String parameter(String name) {
    return new MimeValue("", parameters).parameter(name).orElse("");
  }
}
