package io.postern.render;

import static io.postern.render.RenderedMessages.format;
import static io.postern.render.RenderedMessages.octets;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.postern.model.MimeFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import org.apache.poi.hmef.HMEFMessage;
import org.apache.poi.hmef.attribute.MAPIAttribute;
import org.apache.poi.hmef.attribute.TNEFProperty;
import org.apache.poi.hsmf.datatypes.MAPIProperty;
import org.junit.jupiter.api.Test;

/** Reads with Apache POI what is written. */
class TnefWriterTest {
  private static HMEFMessage read(byte[] tnef) throws IOException {
    return new HMEFMessage(new ByteArrayInputStream(tnef));
  }

  private static byte[] value(HMEFMessage message, MAPIProperty property) {
    return message.getMessageMAPIAttributes().stream()
        .filter(it -> it.getProperty() == property)
        .map(MAPIAttribute::getData)
        .findFirst()
        .orElseThrow();
  }

  private static String subject(HMEFMessage message) {
    return new String(value(message, MAPIProperty.SUBJECT), UTF_16LE).replace("\0", "");
  }

  @Test
  void isReadByOthers() throws IOException {
    var message = read(TnefWriter.encode("<key>", "Grüße", "plain\ntext 你\n", "<p>ü</p>"));
    assertThat(subject(message)).isEqualTo("Grüße");
    assertThat(message.getAttachments()).isEmpty();
    var messageClass = message.getMessageAttribute(TNEFProperty.ID_MESSAGECLASS).getData();
    assertThat(new String(messageClass, US_ASCII)).isEqualTo("IPM.Note\0");
    assertThat(new String(value(message, MAPIProperty.BODY_HTML), UTF_8)).isEqualTo("<p>ü</p>");
    assertThat(new String(value(message, MAPIProperty.TNEF_CORRELATION_KEY), US_ASCII))
        .isEqualTo("<key>\0");
    assertThat(message.getMessageMAPIAttribute(MAPIProperty.BODY).toString())
        .contains("plain\r\ntext 你\r\n");
  }

  @Test
  void isWithoutHtmlWhereThereIsNone() throws IOException {
    var message = read(TnefWriter.encode("<key>", "", "text\n", ""));
    assertThat(message.getMessageMAPIAttributes())
        .noneMatch(it -> it.getProperty() == MAPIProperty.BODY_HTML)
        .anyMatch(it -> it.getProperty() == MAPIProperty.BODY);
  }

  /** MS-OXTNEF §2.1.3.2: each attribute ends with the sum of its data. */
  @Test
  void sumsAreRight() {
    var tnef = TnefWriter.encode("<key>", "s", "text\n", "<p>");
    int at = 6;
    while (at < tnef.length) {
      int length = number(tnef, at + 5);
      var data = Arrays.copyOfRange(tnef, at + 9, at + 9 + length);
      int sum = 0;
      for (byte octet : data) {
        sum += octet & 0xFF;
      }
      at += 9 + length;
      assertThat((tnef[at] & 0xFF) | (tnef[at + 1] & 0xFF) << 8).isEqualTo(sum & 0xFFFF);
      at += 2;
    }
    assertThat(at).isEqualTo(tnef.length);
  }

  private static int number(byte[] octets, int at) {
    return (octets[at] & 0xFF)
        | (octets[at + 1] & 0xFF) << 8
        | (octets[at + 2] & 0xFF) << 16
        | (octets[at + 3] & 0xFF) << 24;
  }

  /** MS-OXTNEF §2.1.3.3.8: the header names the same key. */
  @Test
  void belongsToItsMessage() throws IOException {
    var shown =
        RenderedMessages.rendered(format(MimeFormat.TNEF), octets(RenderedMessages.HTML))
            .orElseThrow();
    var part = RenderedMessages.find(RenderedMessages.scan(shown).parts(), "ms-tnef").orElseThrow();
    var message = read(RenderedMessages.body(shown, part));
    var key = new String(value(message, MAPIProperty.TNEF_CORRELATION_KEY), US_ASCII).strip();
    assertThat(shown.toString(US_ASCII))
        .contains("\r\nX-MS-TNEF-Correlator: " + key.replace("\0", "") + "\r\n");
    assertThat(subject(message)).isEqualTo("Grüße");
    assertThat(new String(value(message, MAPIProperty.BODY_HTML), UTF_8))
        .contains("<h1>Grüße</h1>");
  }
}
