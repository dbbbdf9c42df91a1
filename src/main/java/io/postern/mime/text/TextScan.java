package io.postern.mime.text;

/** Receives texts, one after the other; the chars of each arrive cut anywhere. */
interface TextScan {
  /** Begins another text: nothing extends across the border. */
  void begin();

  /** Receives the next chars. */
  void accept(char[] chars, int from, int to);
}
