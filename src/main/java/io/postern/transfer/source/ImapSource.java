package io.postern.transfer.source;

import io.postern.transfer.archive.ArchivedMessage;
import io.postern.transfer.archive.Spool;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The folders and messages of a user of another IMAP server; reads them and changes nothing. */
public final class ImapSource implements Closeable {
  /**
   * A folder that can be opened.
   *
   * @param wire its name on the wire
   * @param name its name in Unicode, levels separated by {@code /}
   */
  public record Folder(String wire, String name) {}

  /**
   * An open folder.
   *
   * @param uidValidity of its UIDs
   * @param messages behind the UID from which it was opened, ascending by UID
   */
  public record Opened(long uidValidity, List<Entry> messages) {}

  /**
   * A message of an open folder.
   *
   * @param size octets, as the server says
   */
  public record Entry(long uid, long size, OffsetDateTime date, List<String> flags) {}

  private static final Pattern LIST =
      Pattern.compile(
          "LIST \\(([^)]*)\\) (NIL|\"(?:\\\\.|[^\"\\\\])\") (\"(?:\\\\.|[^\"\\\\])*\"|\\S+)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern UID_VALIDITY =
      Pattern.compile("\\[UIDVALIDITY (\\d{1,10})\\]", Pattern.CASE_INSENSITIVE);
  private static final Pattern UID = item("UID (\\d{1,10})");
  private static final Pattern SIZE = item("RFC822\\.SIZE (\\d{1,18})");
  private static final Pattern DATE = item("INTERNALDATE \"([^\"]+)\"");
  private static final Pattern FLAGS = item("FLAGS \\(([^)]*)\\)");
  private static final DateTimeFormatter DATE_TIME =
      DateTimeFormatter.ofPattern("d-MMM-yyyy HH:mm:ss Z", Locale.ENGLISH);

  private final ImapConnection connection;

  private static Pattern item(String form) {
    return Pattern.compile("(?:^|[ (])" + form, Pattern.CASE_INSENSITIVE);
  }

  /** Connects and logs in. */
  public ImapSource(ImapServer server, String user, String password) throws IOException {
    connection = new ImapConnection(server);
    try {
      var capabilities = connection.command("CAPABILITY").toString().toUpperCase(Locale.ROOT);
      if (capabilities.contains("LOGINDISABLED")) {
        throw new IOException("the server takes no password unless the connection is encrypted");
      }
      connection.secret("LOGIN", user, password);
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** The folders that can be opened, by name. */
  public List<Folder> folders() throws IOException {
    var folders = new ArrayList<Folder>();
    for (var response : connection.command("LIST \"\" \"*\"")) {
      var list = LIST.matcher(response.text());
      if (list.matches() && !isUnselectable(list.group(1))) {
        var wire = unquoted(list.group(3));
        folders.add(new Folder(wire, name(wire, list.group(2))));
      }
    }
    folders.sort(Comparator.comparing(Folder::name));
    return folders;
  }

  private static boolean isUnselectable(String attributes) {
    var all = " " + attributes.toLowerCase(Locale.ROOT) + " ";
    return all.contains(" \\noselect ") || all.contains(" \\nonexistent ");
  }

  /** What a name can't have here becomes an underline. */
  private static String name(String wire, String delimiter) {
    var name = MailboxUtf7.decode(wire);
    var levels = delimiter.equalsIgnoreCase("NIL") ? "" : unquoted(delimiter);
    if (!levels.equals("/")) {
      name = name.replace('/', '_');
      name = levels.isEmpty() ? name : name.replace(levels, "/");
    }
    return name.replaceAll("[\\p{Cntrl}*%]", "_").replaceAll("//+", "/").replaceAll("^/|/$", "");
  }

  private static String unquoted(String text) {
    return text.startsWith("\"")
        ? text.substring(1, text.length() - 1).replaceAll("\\\\(.)", "$1")
        : text;
  }

  /**
   * Opens a folder to read it.
   *
   * @param from gives, by the UIDVALIDITY, the UID behind which to begin; 0 for all
   */
  public Opened open(Folder folder, LongUnaryOperator from) throws IOException {
    var examined = connection.command("EXAMINE " + ImapConnection.quoted(folder.wire()));
    long validity =
        examined.stream()
            .map(response -> UID_VALIDITY.matcher(response.text()))
            .filter(Matcher::find)
            .map(found -> Long.parseLong(found.group(1)))
            .findFirst()
            .orElseThrow(() -> new IOException("the folder " + folder.name() + " has no UIDs"));
    long after = from.applyAsLong(validity);
    var messages = new ArrayList<Entry>();
    for (var response :
        connection.command(
            "UID FETCH " + (after + 1) + ":* (UID FLAGS INTERNALDATE RFC822.SIZE)")) {
      // The range ends with the last message, even if that is before its beginning (§6.4.8).
      entry(response.text()).filter(entry -> entry.uid() > after).ifPresent(messages::add);
    }
    messages.sort(Comparator.comparingLong(Entry::uid));
    return new Opened(validity, messages);
  }

  private static Optional<Entry> entry(String response) throws IOException {
    var uid = UID.matcher(response);
    var size = SIZE.matcher(response);
    var date = DATE.matcher(response);
    var flags = FLAGS.matcher(response);
    return uid.find() && size.find() && date.find() && flags.find()
        ? Optional.of(
            new Entry(
                Long.parseLong(uid.group(1)),
                Long.parseLong(size.group(1)),
                date(date.group(1)),
                flags(flags.group(1))))
        : Optional.empty();
  }

  private static OffsetDateTime date(String text) throws IOException {
    try {
      return OffsetDateTime.parse(text.strip(), DATE_TIME);
    } catch (DateTimeException e) {
      throw new IOException("the server sends the date \"" + text + "\"", e);
    }
  }

  /** Without {@code \Recent}, which is no flag of a message, and flags that no client can set. */
  private static List<String> flags(String text) {
    return List.of(text.split(" ", -1)).stream()
        .filter(flag -> !flag.isEmpty())
        .filter(
            flag ->
                !flag.startsWith("\\")
                    || flag.toLowerCase(Locale.ROOT)
                        .matches("\\\\(seen|answered|flagged|deleted|draft)"))
        .toList();
  }

  /**
   * Reads a message of the folder that was opened last.
   *
   * @return the message, which the caller closes; empty when it is gone
   */
  public Optional<ArchivedMessage> read(Entry entry) throws IOException {
    var spool = new Spool();
    try {
      var body = new Body(spool);
      connection.command(
          "UID FETCH " + entry.uid() + " (UID BODY.PEEK[])", body, response -> body.end());
      spool.finish();
      if (body.complete) {
        return Optional.of(new ArchivedMessage(spool, entry.flags(), entry.date()));
      }
    } catch (IOException | RuntimeException e) {
      spool.close();
      throw e;
    }
    spool.close();
    return Optional.empty();
  }

  /** Takes the one literal that is a body. */
  private static final class Body implements ImapConnection.Literals {
    private static final Pattern EMPTY = Pattern.compile("BODY\\[\\] *$", Pattern.CASE_INSENSITIVE);

    private final Spool spool;
    private boolean begun;
    private boolean complete;

    Body(Spool spool) {
      this.spool = spool;
    }

    @Override
    public OutputStream target(String before, long octets) throws IOException {
      if (!begun && EMPTY.matcher(before).find()) {
        begun = true;
        return spool;
      }
      if (octets > 1 << 16) {
        throw new IOException("the server sends a literal that was not asked for");
      }
      return new ByteArrayOutputStream();
    }

    void end() {
      complete |= begun;
    }
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
