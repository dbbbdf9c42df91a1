package io.postern.wire.limits;

/**
 * The bounds on one command, in octets; line ends are not counted.
 *
 * @param line of text that can be a command
 * @param longLine the same of a command that may be long, see {@code Protocol.Session.mayBeLong}
 * @param skippedText of text that is read in all, to find the end of a command that is too long
 * @param skippedLiterals of literals that are read for the same purpose
 */
public record CommandLimits(int line, int longLine, long skippedText, long skippedLiterals) {}
