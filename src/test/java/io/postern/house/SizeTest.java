package io.postern.house;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** What cannot be read at one sitting is split by meaning before it hurts. */
class SizeTest {

  private static final int FILE_LINES = 400;
  private static final int ROOM_FILES = 20;
  private static final int METHOD_LINES = 40;

  /** One file per verb and per extension: they grow with the protocol. */
  private static final Set<Path> GROWING =
      Set.of(Path.of("io/postern/imap/command"), Path.of("io/postern/imap/extension"));

  @Test
  void filesHaveAtMost400Lines() {
    assertThat(Sources.of(Sources.MAIN, Sources.TEST))
        .allSatisfy(
            file ->
                assertThat(Sources.lines(file))
                    .as("lines of %s", file)
                    .hasSizeLessThanOrEqualTo(FILE_LINES));
  }

  @Test
  void roomsHaveAtMost20Files() {
    var rooms =
        Sources.of(Sources.MAIN).stream()
            .map(file -> Sources.MAIN.relativize(file.getParent()))
            .filter(room -> !GROWING.contains(room))
            .collect(groupingBy(room -> room, counting()));
    assertThat(rooms)
        .allSatisfy(
            (room, files) ->
                assertThat(files).as("files in %s", room).isLessThanOrEqualTo(ROOM_FILES));
  }

  @Test
  void methodsHaveAtMost40Lines() throws IOException {
    assertThat(longMethods(Sources.of(Sources.MAIN, Sources.TEST))).isEmpty();
  }

  private static List<String> longMethods(List<Path> files) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      var units = manager.getJavaFileObjectsFromPaths(files);
      var task =
          (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null, units);
      var scan = new MethodScan(Trees.instance(task));
      for (var unit : task.parse()) {
        scan.scan(unit, unit);
      }
      return scan.tooLong;
    }
  }

  private static final class MethodScan extends TreeScanner<Void, CompilationUnitTree> {

    private final Trees trees;
    private final List<String> tooLong = new ArrayList<>();

    MethodScan(Trees trees) {
      this.trees = trees;
    }

    @Override
    public Void visitMethod(MethodTree method, CompilationUnitTree unit) {
      var positions = trees.getSourcePositions();
      var lines = unit.getLineMap();
      var end = positions.getEndPosition(unit, method);
      // The implicit constructor of a record has no end.
      if (end >= 0) {
        var first = lines.getLineNumber(positions.getStartPosition(unit, method));
        var length = lines.getLineNumber(end) - first + 1;
        if (length > METHOD_LINES) {
          tooLong.add(
              "%s:%d %s has %d lines"
                  .formatted(unit.getSourceFile().getName(), first, method.getName(), length));
        }
      }
      return super.visitMethod(method, unit);
    }
  }
}
