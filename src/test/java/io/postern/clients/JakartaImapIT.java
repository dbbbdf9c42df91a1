package io.postern.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Flags;
import jakarta.mail.Flags.Flag;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.event.MessageChangedEvent;
import jakarta.mail.event.MessageCountAdapter;
import jakarta.mail.event.MessageCountEvent;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.search.FlagTerm;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.angus.mail.imap.ACL;
import org.eclipse.angus.mail.imap.IMAPFolder;
import org.eclipse.angus.mail.imap.IMAPStore;
import org.eclipse.angus.mail.imap.IdleManager;
import org.eclipse.angus.mail.imap.MessageVanishedEvent;
import org.eclipse.angus.mail.imap.ResyncData;
import org.eclipse.angus.mail.imap.Rights;
import org.eclipse.angus.mail.imap.SortTerm;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jakarta Mail's IMAP store with QRESYNC, SORT, QUOTA, ACL and IDLE on the package. */
@Tag("clients")
@Timeout(600)
class JakartaImapIT {
  private static final int QUOTA = 1024 * 1024;
  private static final String PASSWORD = "secret";
  private static @Nullable ServerUnderTest node;

  @BeforeAll
  static void start(@TempDir Path data) throws Exception {
    node = ServerUnderTest.start(data, "-Dmail.mailbox.prohibit-send-receive-quota=" + QUOTA);
  }

  @AfterAll
  static void stop() {
    Objects.requireNonNull(node).close();
  }

  @Test
  void aFolderOpenedAgainIsResynchronised() throws Exception {
    try (var store = store(session(), "u2");
        var other = store(session(), "u2")) {
      var folder = created(store, "Resync");
      folder.appendMessages(messages(300, "Number"));
      long validity = folder.getUIDValidity();
      long modSeq = folder.getHighestModSeq();
      var uids = Arrays.stream(folder.getMessages()).mapToLong(m -> uid(folder, m)).toArray();
      folder.close(false);
      var there = opened(other, "Resync");
      there.setFlags(10, 12, new Flags(Flag.ANSWERED), true);
      there.setFlags(new int[] {20, 21, 250}, new Flags(Flag.DELETED), true);
      there.expunge();
      there.appendMessages(messages(1, "New"));
      there.close(false);

      var events = folder.open(Folder.READ_WRITE, new ResyncData(validity, modSeq));

      assertThat(events)
          .filteredOn(MessageVanishedEvent.class::isInstance)
          .flatMap(
              event -> Arrays.stream(((MessageVanishedEvent) event).getUIDs()).boxed().toList())
          .containsExactlyInAnyOrder(uids[19], uids[20], uids[249]);
      assertThat(events)
          .filteredOn(MessageChangedEvent.class::isInstance)
          .extracting(event -> ((MessageChangedEvent) event).getMessage().getMessageNumber())
          .contains(10, 11, 12);
      assertThat(folder.getMessageCount()).isEqualTo(298);
      assertThat(folder.search(new FlagTerm(new Flags(Flag.ANSWERED), true))).hasSize(3);
      folder.close(false);
    }
  }

  @Test
  void theServerSorts() throws Exception {
    try (var store = store(session(), "u3")) {
      var folder = created(store, "Sort");
      for (var subject : List.of("pear", "Re: apple", "Banana", "cherry")) {
        folder.appendMessages(messages(1, subject));
      }
      folder.setFlags(4, 4, new Flags(Flag.SEEN), true);
      var subject = new SortTerm[] {SortTerm.SUBJECT};
      var backwards = new SortTerm[] {SortTerm.REVERSE, SortTerm.SUBJECT, SortTerm.ARRIVAL};
      assertThat(numbers(folder.getSortedMessages(subject))).containsExactly(2, 3, 4, 1);
      assertThat(numbers(folder.getSortedMessages(backwards))).containsExactly(1, 4, 3, 2);
      var unseen = new FlagTerm(new Flags(Flag.SEEN), false);
      assertThat(numbers(folder.getSortedMessages(subject, unseen))).containsExactly(2, 3, 1);
      folder.close(false);
    }
  }

  @Test
  void theQuotaIsShownAndKept() throws Exception {
    try (var store = store(session(), "u4")) {
      var folder = created(store, "Quota");
      assertThat(used(folder)).isZero();
      var half = message("Half", QUOTA / 2 + 1024);
      folder.appendMessages(new Message[] {half});
      assertThat(used(folder)).isBetween(QUOTA / 2 / 1024L, QUOTA / 2 / 1024L + 2);
      assertThatThrownBy(() -> folder.appendMessages(new Message[] {half}))
          .isInstanceOf(MessagingException.class)
          .hasMessageContaining("OVERQUOTA");
      assertThat(folder.getMessageCount()).isEqualTo(1);
      folder.setFlags(1, 1, new Flags(Flag.DELETED), true);
      folder.expunge();
      assertThat(used(folder)).isZero();
      folder.appendMessages(new Message[] {half});
      folder.close(false);
    }
  }

  @Test
  void aFolderIsSharedAndTakenBack() throws Exception {
    try (var owner = store(session(), "u5");
        var reader = store(session(), "u6")) {
      var folder = created(owner, "Shared");
      folder.appendMessages(messages(3, "For both"));
      assertThat(reader.getUserNamespaces("u5@example.test")).isNotEmpty();
      var name = "Other Users/u5@example.test/Shared";
      assertThat(reader.getFolder(name).exists()).isFalse();
      folder.addACL(new ACL("u6@example.test", new Rights("lrs")));
      assertThat(folder.getACL())
          .filteredOn(acl -> acl.getName().equals("u6@example.test"))
          .singleElement()
          .satisfies(acl -> assertThat(acl.getRights()).isEqualTo(new Rights("lrs")));

      var shared = opened(reader, name);

      assertThat(shared.getMessageCount()).isEqualTo(3);
      assertThat(shared.myRights()).isEqualTo(new Rights("lrs"));
      shared.setFlags(1, 1, new Flags(Flag.SEEN), true);
      assertThatThrownBy(() -> shared.appendMessages(messages(1, "No")))
          .isInstanceOf(MessagingException.class);
      folder.getMessageCount();
      assertThat(folder.getMessage(1).isSet(Flag.SEEN)).isTrue();
      shared.close(false);
      folder.removeACL("u6@example.test");
      assertThat(reader.getFolder(name).exists()).isFalse();
      folder.close(false);
    }
  }

  /**
   * IdleManager selects on the socket's channel, so the data must not pass a stream that answers
   * {@code available()} with 1 while it is empty, as {@link java.util.zip.InflaterInputStream}
   * does: with COMPRESS its thread blocks in a read behind the first update, with any server. TLS
   * does no harm.
   */
  @Test
  void anIdleManagerIsWokenByChangesOfOtherSessions() throws Exception {
    var settings = settings();
    settings.setProperty("mail.imap.usesocketchannels", "true");
    settings.setProperty("mail.imap.compress.enable", "false");
    var session = Session.getInstance(settings);
    try (var threads = Executors.newCachedThreadPool();
        var store = store(session, "u7");
        var other = store(session(), "u7")) {
      var folder = created(store, "Idle");
      folder.appendMessages(messages(2, "Number"));
      var heard = heardOf(folder);
      var idle = new IdleManager(session, threads);
      var there = opened(other, "Idle");
      for (boolean flagged : new boolean[] {true, false, true}) {
        idle.watch(folder);
        there.setFlags(2, 2, new Flags(Flag.FLAGGED), flagged);
        assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("changed 2");
      }
      idle.watch(folder);
      there.appendMessages(messages(1, "New"));
      assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("added 3");
      idle.watch(folder);
      there.setFlags(1, 1, new Flags(Flag.DELETED), true);
      assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("changed 1");
      idle.watch(folder);
      there.expunge();
      assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("removed 1");
      idle.stop();
      there.close(false);
      folder.close(false);
    }
  }

  /** What its listeners are called with from now on. */
  private static BlockingQueue<String> heardOf(IMAPFolder folder) {
    var heard = new LinkedBlockingQueue<String>();
    folder.addMessageChangedListener(
        event -> heard.add("changed " + event.getMessage().getMessageNumber()));
    folder.addMessageCountListener(
        new MessageCountAdapter() {
          @Override
          public void messagesAdded(MessageCountEvent event) {
            heard.add("added " + event.getMessages()[0].getMessageNumber());
          }

          @Override
          public void messagesRemoved(MessageCountEvent event) {
            heard.add("removed " + event.getMessages()[0].getMessageNumber());
          }
        });
    return heard;
  }

  private static Session session() {
    return Session.getInstance(settings());
  }

  private static Properties settings() {
    var settings = new Properties();
    settings.setProperty("mail.imap.starttls.required", "true");
    settings.setProperty("mail.imap.starttls.enable", "true");
    settings.setProperty("mail.imap.ssl.trust", "*");
    settings.setProperty("mail.imap.ssl.checkserveridentity", "false");
    settings.setProperty("mail.imap.compress.enable", "true");
    return settings;
  }

  private static IMAPStore store(Session session, String user) throws MessagingException {
    var store = (IMAPStore) session.getStore("imap");
    store.connect(
        "127.0.0.1", Objects.requireNonNull(node).imap(), user + "@example.test", PASSWORD);
    return store;
  }

  private static IMAPFolder created(IMAPStore store, String name) throws MessagingException {
    assertThat(store.getFolder(name).create(Folder.HOLDS_MESSAGES)).isTrue();
    return opened(store, name);
  }

  private static IMAPFolder opened(IMAPStore store, String name) throws MessagingException {
    var folder = (IMAPFolder) store.getFolder(name);
    folder.open(Folder.READ_WRITE);
    return folder;
  }

  private static Message[] messages(int count, String subject) throws MessagingException {
    var messages = new Message[count];
    for (int i = 0; i < count; i++) {
      messages[i] = message(count == 1 ? subject : subject + " " + i, 100);
    }
    return messages;
  }

  private static Message message(String subject, int size) throws MessagingException {
    var line = "x".repeat(70) + "\r\n";
    var text =
        "From: a@example.test\r\nSubject: " + subject + "\r\n\r\n" + line.repeat(size / 72 + 1);
    return new MimeMessage(
        session(), new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static long uid(IMAPFolder folder, Message message) {
    try {
      return folder.getUID(message);
    } catch (MessagingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Integer> numbers(Message... messages) {
    return IntStream.range(0, messages.length)
        .mapToObj(i -> messages[i].getMessageNumber())
        .toList();
  }

  /** Kilobytes used of the storage, of which the limit is the one that was set. */
  private static long used(IMAPFolder folder) throws MessagingException {
    return Arrays.stream(folder.getQuota())
        .flatMap(quota -> Arrays.stream(quota.resources))
        .filter(resource -> resource.name.equals("STORAGE"))
        .peek(resource -> assertThat(resource.limit).isEqualTo(QUOTA / 1024))
        .mapToLong(resource -> resource.usage)
        .sum();
  }
}
