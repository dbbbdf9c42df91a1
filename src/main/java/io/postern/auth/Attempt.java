package io.postern.auth;

/**
 * One try to log in.
 *
 * @param client who asks
 * @param mechanism how: a SASL mechanism's name, {@code LOGIN} (IMAP's command too) or {@code USER}
 * @param name the login name as it was given; nothing of it is checked yet
 */
public record Attempt(Client client, String mechanism, String name) {}
