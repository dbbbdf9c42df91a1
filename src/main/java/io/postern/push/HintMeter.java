package io.postern.push;

/** Counts hints between nodes. Called from any thread; must be quick. */
public interface HintMeter {
  /** Counts nothing. */
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

  /** Why a hint was dropped. */
  enum Dropped {
    /** This version cannot read it. */
    MALFORMED,
    /** It could not be sent; it is sent again when push is back. */
    UNSENT,
    /** Too many waited to be sent; all watchers resync instead. */
    OVERFLOW
  }

  /** A hint was sent to other nodes. */
  void published();

  /** A hint was received, possibly this node's own. */
  void received();

  /** A hint was dropped. */
  void dropped(Dropped why);

  /** Changes the number of subscribed accounts; negative for fewer. */
  void subscribed(int change);
}
