package io.postern.clients;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import org.eclipse.angus.mail.pop3.POP3Folder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jakarta Mail's POP3 store takes a thousand messages of 1 KB to 5 MB, and nothing twice. */
@Tag("clients")
@Timeout(900)
class JakartaMailIT {
  private static final int COUNT = Integer.getInteger("messages", 1_000);
  private static final int SMALL = 1024;
  private static final int LARGE = 5 * 1024 * 1024;
  private static final String USER = "u1@example.test";

  @Test
  void messagesAreUnchangedAndKeepTheirIds(@TempDir Path data) throws Exception {
    try (var node = ServerUnderTest.start(data)) {
      var wanted = filled(node);
      var ids = new ArrayList<String>();
      try (var store = store("pop3", node.pop3())) {
        var inbox = (POP3Folder) opened(store);
        var messages = inbox.getMessages();
        assertThat(messages).hasSize(COUNT);
        var sizes = inbox.getSizes();
        for (int i = 0; i < COUNT; i++) {
          assertThat(sizes[i]).isEqualTo(size(i));
          assertThat(digest(messages[i])).as("message %d", i + 1).isEqualTo(wanted.get(i));
          ids.add(inbox.getUID(messages[i]));
        }
        inbox.close(false);
      }
      assertThat(ids).doesNotHaveDuplicates();
      try (var store = store("pop3", node.pop3())) {
        var inbox = (POP3Folder) opened(store);
        var again = new ArrayList<String>();
        for (var message : inbox.getMessages()) {
          again.add(inbox.getUID(message));
        }
        inbox.close(false);
        assertThat(again).isEqualTo(ids);
      }
    }
  }

  /** Puts the messages into INBOX by IMAP; their digests. */
  private static List<String> filled(ServerUnderTest node) throws Exception {
    var digests = new ArrayList<String>();
    try (var store = store("imap", node.imap())) {
      var inbox = store.getFolder("INBOX");
      for (int i = 0; i < COUNT; i++) {
        var octets = octets(i);
        digests.add(hex(sha256().digest(octets)));
        var message = new MimeMessage(session("imap"), new ByteArrayInputStream(octets));
        inbox.appendMessages(new Message[] {message});
      }
    }
    return digests;
  }

  private static Session session(String protocol) {
    var settings = new Properties();
    settings.setProperty("mail." + protocol + ".starttls.required", "true");
    settings.setProperty("mail." + protocol + ".starttls.enable", "true");
    settings.setProperty("mail." + protocol + ".ssl.trust", "*");
    settings.setProperty("mail." + protocol + ".ssl.checkserveridentity", "false");
    return Session.getInstance(settings);
  }

  private static Store store(String protocol, int port) throws MessagingException {
    var store = session(protocol).getStore(protocol);
    store.connect("127.0.0.1", port, USER, "secret");
    return store;
  }

  private static Folder opened(Store store) throws MessagingException {
    var inbox = store.getFolder("INBOX");
    inbox.open(Folder.READ_WRITE);
    return inbox;
  }

  private static String digest(Message message) throws Exception {
    var digest = sha256();
    try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
      message.writeTo(out);
    }
    return hex(digest.digest());
  }

  /** Sizes spread evenly over their logarithms. */
  private static int size(int i) {
    return (int) (SMALL * Math.pow((double) LARGE / SMALL, (double) i / Math.max(1, COUNT - 1)));
  }

  private static byte[] octets(int i) {
    var head = "From: sender@example.test\r\nSubject: Message " + i + "\r\n\r\n";
    var text = new StringBuilder(head);
    var random = new Random(i);
    while (text.length() < size(i) - 80) {
      text.append(random.nextInt(8) == 0 ? "." : "").append(random.nextLong()).append("\r\n");
    }
    text.append("x".repeat(size(i) - 2 - text.length())).append("\r\n");
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String hex(byte[] octets) {
    return HexFormat.of().formatHex(octets);
  }
}
