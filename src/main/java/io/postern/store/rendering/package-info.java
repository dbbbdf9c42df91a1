/**
 * Messages in another form than they are stored in, for sessions whose settings ask for one.
 *
 * <p>Holds {@code Renditions}, which the node has one of, and the decorator of {@code Messages}
 * that a session reads through. Imports {@code model}, {@code mime}, {@code render} and the store
 * ports. Must not know an adapter, a protocol or a setting.
 *
 * <p>Laws: a rendition is made when it is first asked for, on a worker thread, and is cached by
 * content and options, bounded in octets; it can be made again at any time with the same octets, so
 * nothing of it is stored; its facts are those that delivery would compute of its octets. Where all
 * messages are shown as stored, the undecorated port is used.
 */
package io.postern.store.rendering;
