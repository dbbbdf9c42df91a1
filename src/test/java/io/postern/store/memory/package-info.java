/**
 * The model of the store: the ports of {@code io.postern.store} over plain maps, in a few short
 * files. The fast backend of session scripts and the oracle of property tests, so it must be
 * plainly right before it is fast. One lock, held for a moment; results come on the caller's
 * thread.
 */
package io.postern.store.memory;
