package io.postern.mime.text;

/** Receives texts, one after the other; the chars of each arrive cut anywhere. */
public interface TextScan {
  /** Begins another text: nothing extends across the border. */
  void begin();

  /** Receives the next chars. */
  void accept(char[] chars, int from, int to);

  /** The text has ended. */
  default void end() {}

  /** Both scans of the same texts. */
  static TextScan both(TextScan one, TextScan other) {
    return new TextScan() {
      @Override
      public void begin() {
        one.begin();
        other.begin();
      }

      @Override
      public void accept(char[] chars, int from, int to) {
        one.accept(chars, from, to);
        other.accept(chars, from, to);
      }

      @Override
      public void end() {
        one.end();
        other.end();
      }
    };
  }
}
