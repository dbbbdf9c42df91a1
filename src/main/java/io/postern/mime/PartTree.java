package io.postern.mime;

import java.util.List;

/**
 * The structure of a message with the octet ranges of its parts (RFC 3501 §6.4.5: what BODY[1.2],
 * BODY[1.MIME], BODY[2.HEADER] and BODY[2.TEXT] mean). All offsets count from the first octet of
 * the whole message.
 *
 * @param type media type, lower case, e.g. {@code text}
 * @param subtype media subtype, lower case, e.g. {@code plain}
 * @param encoding content transfer encoding, lower case, {@code 7bit} when none is said
 * @param charset the charset parameter, empty when none is said
 * @param headerStart first octet of this part's header
 * @param bodyStart first octet behind the header and its empty line, if it has one
 * @param end the octet behind the last one
 * @param children of a multipart its parts; of a message/rfc822 exactly one, the message in it, as
 *     if it stood alone; else none
 */
public record PartTree(
    String type,
    String subtype,
    String encoding,
    String charset,
    int headerStart,
    int bodyStart,
    int end,
    List<PartTree> children) {
  public PartTree {
    children = List.copyOf(children);
  }

  /** The same message with so many octets added at the start of its header. */
  PartTree behind(int octets) {
    return shifted(headerStart, octets);
  }

  private PartTree shifted(int start, int octets) {
    return new PartTree(
        type,
        subtype,
        encoding,
        charset,
        start,
        bodyStart + octets,
        end + octets,
        children.stream().map(child -> child.shifted(child.headerStart + octets, octets)).toList());
  }

  /** Whether its children are numbered parts. */
  public boolean isMultipart() {
    return type.equals("multipart");
  }

  /** Whether its one child is a message with a header of its own. */
  public boolean isMessage() {
    return type.equals("message") && !children.isEmpty();
  }
}
