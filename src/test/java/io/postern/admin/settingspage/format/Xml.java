package io.postern.admin.settingspage.format;

import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** A real XML parser, and what tests ask it. */
final class Xml {
  private Xml() {}

  static Document parse(String text) throws Exception {
    var builder = DocumentBuilderFactory.newInstance();
    builder.setNamespaceAware(true);
    // The type of Apple's property lists is on the web.
    builder.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    return builder.newDocumentBuilder().parse(new InputSource(new StringReader(text)));
  }

  static List<Element> all(Document document, String name) {
    var nodes = document.getElementsByTagNameNS("*", name);
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }

  static List<Element> children(Element parent) {
    var nodes = parent.getChildNodes();
    return IntStream.range(0, nodes.getLength())
        .mapToObj(nodes::item)
        .filter(Element.class::isInstance)
        .map(Element.class::cast)
        .toList();
  }

  static List<String> texts(Element parent, String child) {
    return children(parent).stream()
        .filter(it -> it.getLocalName().equals(child))
        .map(Element::getTextContent)
        .toList();
  }

  static String text(Element parent, String child) {
    return texts(parent, child).getFirst();
  }
}
