package io.postern.model;

/**
 * The home of a mailbox.
 *
 * @param site the name of the site that stores it
 * @param epoch how often it was assigned, from 1: of two homes of a mailbox, that with the greater
 *     epoch is the newer
 */
public record Home(String site, long epoch) {}
