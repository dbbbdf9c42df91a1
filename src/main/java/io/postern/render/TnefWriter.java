package io.postern.render;

import io.postern.mime.decoding.Charsets;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes a message's body in the Transport Neutral Encapsulation Format (MS-OXTNEF): the attributes
 * that every reader wants, and the body as MAPI properties (MS-OXPROPS). All numbers are
 * little-endian.
 */
final class TnefWriter {
  private static final int SIGNATURE = 0x223E9F78;

  /** Any number but 0; a key of attachments, of which there are none (MS-OXTNEF §2.1.3.1). */
  private static final short KEY = 1;

  private static final byte MESSAGE_LEVEL = 1;
  private static final int VERSION = 0x00010000;

  /** Attributes with their types (MS-OXTNEF §2.1.3.2). */
  private static final int ATT_TNEF_VERSION = 0x00089006;

  private static final int ATT_OEM_CODEPAGE = 0x00069007;
  private static final int ATT_MESSAGE_CLASS = 0x00078008;
  private static final int ATT_SUBJECT = 0x00018004;
  private static final int ATT_MSG_PROPS = 0x00069003;

  private static final int WINDOWS_1252 = 1252;
  private static final int UTF_8 = 65001;

  /** Types of properties (MS-OXCDATA §2.11.1). */
  private static final int PT_LONG = 0x0003;

  private static final int PT_UNICODE = 0x001F;
  private static final int PT_BINARY = 0x0102;

  private static final int PR_SUBJECT = 0x0037;
  private static final int PR_TNEF_CORRELATION_KEY = 0x007F;
  private static final int PR_BODY = 0x1000;
  private static final int PR_BODY_HTML = 0x1013;
  private static final int PR_INTERNET_CPID = 0x3FDE;

  private TnefWriter() {}

  /**
   * Encodes a body.
   *
   * @param correlator what the message's {@code X-MS-TNEF-Correlator} says, ASCII
   * @param html empty text for a message that has none
   */
  static byte[] encode(String correlator, String subject, String plain, String html) {
    var out = new ByteArrayOutputStream();
    write(out, number(SIGNATURE));
    write(out, ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort(KEY).array());
    attribute(out, ATT_TNEF_VERSION, number(VERSION));
    var codepages = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    attribute(out, ATT_OEM_CODEPAGE, codepages.putInt(WINDOWS_1252).putInt(0).array());
    attribute(out, ATT_MESSAGE_CLASS, "IPM.Note\0".getBytes(StandardCharsets.US_ASCII));
    attribute(out, ATT_SUBJECT, (subject + "\0").getBytes(Charsets.WINDOWS_1252));
    attribute(out, ATT_MSG_PROPS, properties(correlator, subject, plain, html));
    return out.toByteArray();
  }

  private static byte[] properties(String correlator, String subject, String plain, String html) {
    var out = new ByteArrayOutputStream();
    write(out, number(html.isEmpty() ? 4 : 5));
    unicode(out, PR_SUBJECT, subject);
    binary(out, PR_TNEF_CORRELATION_KEY, (correlator + "\0").getBytes(StandardCharsets.US_ASCII));
    unicode(out, PR_BODY, plain.replace("\n", "\r\n"));
    if (!html.isEmpty()) {
      binary(out, PR_BODY_HTML, html.getBytes(StandardCharsets.UTF_8));
    }
    write(out, number(PR_INTERNET_CPID << 16 | PT_LONG));
    write(out, number(UTF_8));
    return out.toByteArray();
  }

  private static void unicode(ByteArrayOutputStream out, int property, String text) {
    write(out, number(property << 16 | PT_UNICODE));
    value(out, (text + "\0").getBytes(StandardCharsets.UTF_16LE));
  }

  private static void binary(ByteArrayOutputStream out, int property, byte[] octets) {
    write(out, number(property << 16 | PT_BINARY));
    value(out, octets);
  }

  /** MS-OXTNEF §2.1.3.4.2: one value with its length, padded to four octets. */
  private static void value(ByteArrayOutputStream out, byte[] octets) {
    write(out, number(1));
    write(out, number(octets.length));
    write(out, octets);
    write(out, new byte[(4 - octets.length % 4) % 4]);
  }

  /** MS-OXTNEF §2.1.3.2: level, id, length, data, and the sum of the data. */
  private static void attribute(ByteArrayOutputStream out, int id, byte[] data) {
    out.write(MESSAGE_LEVEL);
    write(out, number(id));
    write(out, number(data.length));
    write(out, data);
    int sum = 0;
    for (byte octet : data) {
      sum += octet & 0xFF;
    }
    out.write(sum & 0xFF);
    out.write((sum >> 8) & 0xFF);
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array();
  }

  private static void write(ByteArrayOutputStream out, byte[] octets) {
    out.writeBytes(octets);
  }
}
