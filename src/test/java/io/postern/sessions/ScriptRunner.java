package io.postern.sessions;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs scripts on a running server, to test the scripts themselves: {@code java -cp
 * target/test-classes -Dtarget=host:port io.postern.sessions.ScriptRunner [folder or script]...}
 */
final class ScriptRunner {
  private ScriptRunner() {}

  public static void main(String... paths) {
    var folders = paths.length == 0 ? List.of(Scripts.ROOT.toString()) : List.of(paths);
    var failed = 0;
    var played = 0;
    try (var target = target(System.getProperty("target", "memory"))) {
      for (var folder : folders) {
        for (var file : Scripts.below(Path.of(folder))) {
          played++;
          failed += plays(target, file) ? 0 : 1;
        }
      }
    }
    System.out.println(played + " scripts, " + failed + " failed");
    System.exit(failed == 0 ? 0 : 1);
  }

  private static Target target(String name) {
    return name.equals("memory") ? new MemoryTarget() : new ForeignTarget(name);
  }

  private static boolean plays(Target target, Path file) {
    try {
      var script = ScriptReader.read(file);
      if (target instanceof MemoryTarget || !script.ours() || Boolean.getBoolean("ours")) {
        Player.play(target, Scripts.mail(), script);
      }
      return true;
    } catch (AssertionError | IllegalArgumentException | IOException e) {
      System.out.println(e.getMessage());
      return false;
    }
  }
}
