package io.postern.transfer.source;

import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Up to which message each folder was migrated, in a file: a line for each message, with the
 * UIDVALIDITY and the UID of the source and the name of the folder. It saves reading messages
 * again; without it, or when the UIDVALIDITY has changed, they are read and found to be present.
 */
public final class MigrationJournal implements Closeable {
  private record Done(long uidValidity, long uid) {}

  private final Map<String, Done> done = new HashMap<>();
  private final Writer writer;

  /** Reads the file, if there is one, and goes on with it. A line that was cut off is left out. */
  public MigrationJournal(Path file) throws IOException {
    if (Files.exists(file)) {
      for (var line : Files.readAllLines(file)) {
        var parts = line.split(" ", 3);
        if (parts.length == 3 && (parts[0] + parts[1]).matches("\\d{2,36}")) {
          done.put(parts[2], new Done(Long.parseLong(parts[0]), Long.parseLong(parts[1])));
        }
      }
    }
    var compact = new StringBuilder();
    done.forEach((name, it) -> compact.append(line(it.uidValidity(), it.uid(), name)));
    var fresh = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(fresh, compact);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
  }

  private static String line(long uidValidity, long uid, String folder) {
    return uidValidity + " " + uid + " " + folder + "\n";
  }

  /** The UID of the last message of a folder that is done; 0 if none is, or the UIDs are others. */
  long last(String folder, long uidValidity) {
    var it = done.get(folder);
    return it == null || it.uidValidity() != uidValidity ? 0 : it.uid();
  }

  /** A message is done, and all before it. */
  void done(String folder, long uidValidity, long uid) throws IOException {
    writer.write(line(uidValidity, uid, folder));
    writer.flush();
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }
}
