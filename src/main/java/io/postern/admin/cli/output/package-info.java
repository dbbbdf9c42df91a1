/**
 * What commands print: tables, and how far a transfer is.
 *
 * <p>Holds {@code Table} and {@code ProgressLine}. Imports {@code transfer} (its progress). Must
 * not know a command or the API.
 *
 * <p>Laws: no line ends in a space; a terminal gets one line of progress that is written anew.
 */
package io.postern.admin.cli.output;
