package io.postern.admin.cli;

import io.postern.admin.cli.api.CommandFailure;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;

/** The command line: its root with all groups of commands. */
public final class PosternCommandLine {
  private PosternCommandLine() {}

  /**
   * Carries out a command.
   *
   * @param out receives the results
   * @param err receives errors and progress
   * @return the exit code: 0 done, 1 refused or failed, 2 wrong usage
   */
  public static int run(
      Map<String, String> environment, PrintWriter out, PrintWriter err, String... arguments) {
    return withGroups(new PosternCommand(environment))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(PosternCommandLine::failed)
        .setOut(out)
        .setErr(err)
        .execute(arguments);
  }

  private static CommandLine withGroups(PosternCommand postern) {
    return postern
        .line()
        .addSubcommand(new AccountCommands(postern))
        .addSubcommand(new AppPasswordCommands(postern))
        .addSubcommand(new DelegateCommands(postern))
        .addSubcommand(new PlanCommands(postern))
        .addSubcommand(new QuotaCommands(postern))
        .addSubcommand(new MailboxCommands(postern))
        .addSubcommand(new ProtocolSettingsCommands(postern))
        .addSubcommand(new MoveCommands(postern))
        .addSubcommand(new RecoverableCommands(postern))
        .addSubcommand(new SessionCommands(postern))
        .addSubcommand(new ProtocolLogCommands(postern))
        .addSubcommand(new AuditCommands(postern))
        .addSubcommand(new ServerCommands(postern))
        .addSubcommand(new StoreCommands(postern))
        .addSubcommand(new TestCommands(postern));
  }

  private static int failed(Exception fault, CommandLine line, Object parsed) throws Exception {
    if (fault instanceof CommandFailure failure) {
      line.getErr().println("postern: " + failure.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    }
    throw fault;
  }
}
