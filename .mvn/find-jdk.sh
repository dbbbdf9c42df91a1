# Sourced by ./mvnw, under any /bin/sh and before `set -euf` (it needs globs and unset variables).
# Leaves JAVA_HOME at a JDK of $postern_jdk or newer: the caller's own if it is one, else the oldest
# fitting one in the places where such things are kept. Ends the caller with a message if there is none.

postern_jdk=25

# Major version of the JDK at $1; nothing if there is no compiler, so a mere runtime is no candidate.
jdk_major() {
  [ -x "$1/bin/javac" ] || return 0
  "$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9][0-9]*\).*/\1/p'
}

# Home of the `java` on the PATH, whatever links lead to it.
jdk_of_path() {
  command -v java >/dev/null 2>&1 || return 0
  java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
}

find_jdk() {
  found= found_major=
  for candidate in "$(jdk_of_path)" \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/openjdk* /opt/java/* /opt/jdk* /opt/openjdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/* \
    "$HOME"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    major=$(jdk_major "$candidate")
    [ -n "$major" ] && [ "$major" -ge "$postern_jdk" ] || continue
    if [ -z "$found" ] || [ "$major" -lt "$found_major" ]; then
      found=$candidate found_major=$major
    fi
  done
  printf '%s' "$found"
}

given_major=
[ -z "${JAVA_HOME:-}" ] || given_major=$(jdk_major "$JAVA_HOME")
if [ -z "$given_major" ] || [ "$given_major" -lt "$postern_jdk" ]; then
  found_home=$(find_jdk)
  if [ -z "$found_home" ]; then
    echo "mvnw: Postern needs a JDK $postern_jdk or newer, and none was found." >&2
    echo "      JAVA_HOME is '${JAVA_HOME:-}'; /usr/lib/jvm, SDKMAN, ~/.jdks and macOS' places were searched, too." >&2
    echo "      Install one (any vendor) or set JAVA_HOME to it." >&2
    exit 1
  fi
  [ -z "${JAVA_HOME:-}" ] || echo "mvnw: JAVA_HOME ($JAVA_HOME) is no JDK $postern_jdk; using $found_home" >&2
  JAVA_HOME=$found_home
fi
export JAVA_HOME
