package io.postern.admin.settingspage.format;

import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * A request of Outlook in plain old XML.
 *
 * @param address of the user, as it was sent
 * @param responseSchema what the program can read; empty when it did not say
 */
public record AutodiscoverRequest(Optional<String> address, Optional<String> responseSchema) {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_TEXT = 1_024;

  /**
   * Parses a request. A document type definition is refused: it could name files of this machine,
   * or entities without end.
   *
   * @param body at most as large as the caller reads
   * @throws IllegalArgumentException when it is not such a document
   */
  public static AutodiscoverRequest parse(byte[] body) {
    var factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, true);
    try {
      var reader = factory.createXMLStreamReader(new ByteArrayInputStream(body));
      try {
        return read(reader);
      } finally {
        reader.close();
      }
    } catch (XMLStreamException e) {
      throw new IllegalArgumentException("The request is not well-formed XML", e);
    }
  }

  private static AutodiscoverRequest read(XMLStreamReader reader) throws XMLStreamException {
    var found = new HashMap<String, String>();
    var element = "";
    int depth = 0;
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.DTD ->
            throw new IllegalArgumentException("The request has a document type definition");
        case XMLStreamConstants.START_ELEMENT -> {
          element = reader.getLocalName();
          if (++depth > MAX_DEPTH || (depth == 1 && !element.equals("Autodiscover"))) {
            throw new IllegalArgumentException("The request is not one of Autodiscover");
          }
        }
        case XMLStreamConstants.END_ELEMENT -> {
          element = "";
          depth--;
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
          if (reader.getTextLength() <= MAX_TEXT) {
            found.putIfAbsent(element, reader.getText().strip());
          }
        }
        default -> {
          // Comments and processing instructions mean nothing here.
        }
      }
    }
    return new AutodiscoverRequest(
        text(found, "EMailAddress"), text(found, "AcceptableResponseSchema"));
  }

  private static Optional<String> text(Map<String, String> found, String element) {
    return Optional.ofNullable(found.get(element)).filter(text -> !text.isEmpty());
  }

  /** Whether the program reads the response that is written here. */
  public boolean readsMailSettings() {
    return responseSchema.filter(schema -> !schema.equals(Autodiscover.RESPONSE)).isEmpty();
  }
}
