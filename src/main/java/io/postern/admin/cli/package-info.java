/**
 * The command line: {@code postern GROUP COMMAND}, each command a call, or calls, of the
 * administration API over HTTP.
 *
 * <p>Holds the root command with the options of all commands and what they share ({@code
 * PosternCommand}), one class for each group, which uses the root, and {@code PosternCommandLine},
 * which puts them together. Runs in a process of its own, without the platform: imports {@code
 * admin.cli.api}, {@code admin.cli.output} and {@code transfer}, and shares only the API's paths
 * with the server.
 *
 * <p>Laws: results go to standard output, all else to standard error; a secret is read from a file
 * or standard input, never from an argument, which other users of the machine can see. Exit codes:
 * 0 done, 1 refused or failed, 2 wrong usage.
 */
package io.postern.admin.cli;
