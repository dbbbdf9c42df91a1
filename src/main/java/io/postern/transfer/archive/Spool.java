package io.postern.transfer.archive;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * The octets of one message: written once, then read as often as needed. Up to {@link #IN_MEMORY}
 * octets are in memory, more are in a temporary file, which {@link #close} removes.
 */
public final class Spool extends OutputStream implements Closeable {
  /** Octets that are held in memory. */
  static final int IN_MEMORY = 1 << 20;

  private final MessageDigest digest = sha256();
  private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private final byte[] one = new byte[1];
  private Optional<Path> file = Optional.empty();
  private OutputStream out = memory;
  private long size;
  private long lines;
  private long crlfs;
  private int last = -1;

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void write(int octet) throws IOException {
    one[0] = (byte) octet;
    write(one, 0, 1);
  }

  @Override
  public void write(byte[] octets, int from, int length) throws IOException {
    if (file.isEmpty() && size + length > IN_MEMORY) {
      toFile();
    }
    out.write(octets, from, length);
    digest.update(octets, from, length);
    size += length;
    for (int i = from; i < from + length; i++) {
      if (octets[i] == '\n') {
        lines++;
        crlfs += last == '\r' ? 1 : 0;
      }
      last = octets[i];
    }
  }

  private void toFile() throws IOException {
    var path = Files.createTempFile("postern-message", ".eml");
    file = Optional.of(path);
    // Closed by finish() or close().
    out = Files.newOutputStream(path);
    memory.writeTo(out);
    memory.reset();
  }

  /** Ends the writing. */
  public void finish() throws IOException {
    out.close();
  }

  /** How many octets were written. */
  public long size() {
    return size;
  }

  /** Whether every line feed follows a carriage return. */
  public boolean hasCrlfOnly() {
    return crlfs == lines;
  }

  /**
   * The message as IMAP requires it (RFC 3501 §2.2) if it came from a program that ends lines with
   * LF alone: then with CRLF, else as it is. This one is closed if another is returned.
   */
  Spool withCrlf() throws IOException {
    if (lines == 0 || crlfs > 0) {
      return this;
    }
    var converted = new Spool();
    // Not closed: that would discard what it holds.
    var to = new BufferedOutputStream(converted);
    try (var in = new BufferedInputStream(open())) {
      for (int c = in.read(); c >= 0; c = in.read()) {
        if (c == '\n') {
          to.write('\r');
        }
        to.write(c);
      }
    }
    to.flush();
    converted.finish();
    close();
    return converted;
  }

  /** The SHA-256 of all octets; to be asked once, when all are written. */
  public byte[] digest() {
    return digest.digest();
  }

  /** Reads the octets from the first on. */
  public InputStream open() throws IOException {
    return file.isPresent()
        ? Files.newInputStream(file.get())
        : new ByteArrayInputStream(memory.toByteArray());
  }

  @Override
  public void close() throws IOException {
    out.close();
    if (file.isPresent()) {
      Files.deleteIfExists(file.get());
    }
  }
}
