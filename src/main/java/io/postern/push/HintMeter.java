package io.postern.push;

/** Counts what becomes of hints between nodes. Called from any thread; must be quick. */
public interface HintMeter {
  /** Nobody counts. */
  HintMeter NONE =
      new HintMeter() {
        @Override
        public void published() {}

        @Override
        public void received() {}

        @Override
        public void dropped(Dropped why) {}

        @Override
        public void subscribed(int more) {}
      };

  /** Why a hint went nowhere. */
  enum Dropped {
    /** It was no hint that this version reads. */
    MALFORMED,
    /** It could not be sent; it is sent again when push is back. */
    UNSENT,
    /** Too many waited to be sent; all look again instead. */
    OVERFLOW
  }

  /** A hint was handed to other nodes. */
  void published();

  /** A hint came in, maybe this node's own. */
  void received();

  /** A hint was dropped. */
  void dropped(Dropped why);

  /** So many accounts more are subscribed to; less when negative. */
  void subscribed(int more);
}
