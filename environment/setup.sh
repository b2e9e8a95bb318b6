# Sourced by the commands beside it: finds Java and Python, builds what is out of date.
#
# A command does:  source ".../setup.sh";  then calls need_java, need_python, build_java, build_python as it needs.
# Everything written goes to target/ of this checkout and to the usual Maven and pip caches.
set -euo pipefail

checkout="$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)"
target="$checkout/target"
command_name="$(basename "$0")"
install_packages=no   # --install-system-packages
quiet=no              # environment/liftgrad says nothing when all is well
spark=no              # --spark

say() { [ "$quiet" = yes ] || printf '%s\n' "$*"; }

# What is wrong, in one sentence; exit code 2 is ours for "not like this".
refuse() { printf '%s: %s\n' "$command_name" "$*" >&2; exit 2; }

# A command's help is the comment at its top.
help() { sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"; }

# Runs a command with its output in a log, and says that it is still at it. Its last lines are shown if it fails.
#   busy "What it does" LOGNAME COMMAND...
busy() {
  local what="$1" log="$target/logs/$2.log" began=$SECONDS shown=$SECONDS status=0 worker; shift 2
  mkdir -p "$target/logs"
  say "$what …"
  # A first set-up takes minutes: a quiet command that seems to hang in a terminal is worse than one line.
  if [ "$quiet" = yes ] && [ -t 2 ]; then printf '%s …\n' "$what" >&2; fi
  "$@" >"$log" 2>&1 </dev/null &
  worker=$!
  trap 'kill "$worker" 2>/dev/null; exit 130' INT TERM
  while kill -0 "$worker" 2>/dev/null; do
    sleep 0.2
    if [ $((SECONDS - shown)) -ge 20 ]; then shown=$SECONDS; say "  … $((SECONDS - began)) s"; fi
  done
  wait "$worker" || status=$?
  trap - INT TERM
  if [ "$status" -ne 0 ]; then
    { tail -n 25 "$log"; printf '%s: %s failed; the whole log is %s\n' "$command_name" "$what" "$log"; } >&2
    exit 1
  fi
  say "  done in $((SECONDS - began)) s"
}

# Only one command at a time may build; the second one waits and then finds everything made.
with_lock() {
  mkdir -p "$target"
  if command -v flock >/dev/null; then exec 9>"$target/.lock"; flock 9; fi
}
unlock() { exec 9>&-; }

# ---------------------------------------------------------------- system packages

# Installs Debian packages, once all that is missing is known.
install_system() {
  [ "$#" -gt 0 ] || return 0
  command -v apt-get >/dev/null || refuse "--install-system-packages knows Debian's apt-get only; please install by hand: $*"
  [ "$(id -u)" = 0 ] || refuse "--install-system-packages needs root; please install by hand: $*"
  export DEBIAN_FRONTEND=noninteractive
  busy "Asking Debian what it has" apt-update apt-get update
  busy "Installing $*" apt-install apt-get install -y --no-install-recommends "$@"
}

# ---------------------------------------------------------------- Java

# The home of the first JDK 17 or newer: JAVA_HOME, then PATH, then where Debian puts them.
find_jdk() { # least [most]
  local least="$1" candidate home version java
  local candidates=("${JAVA_HOME:-}")
  if java="$(command -v java)"; then candidates+=("$(dirname "$(dirname "$(readlink -f "$java")")")"); fi
  candidates+=(/usr/lib/jvm/*)
  for home in "${candidates[@]}"; do
    [ -n "$home" ] && [ -x "$home/bin/java" ] && [ -x "$home/bin/javac" ] || continue
    version="$(java_version "$home")"
    if [ "${version:-0}" -ge "$least" ] && [ "${version:-0}" -le "${2:-9999}" ]; then
      printf '%s' "$home"; return 0
    fi
  done
  return 1
}

java_version() { # home
  local line version=''
  if [ -r "$1/release" ]; then
    while IFS= read -r line; do
      case "$line" in JAVA_VERSION=*) version="${line#*=}"; version="${version//\"/}" ;; esac
    done <"$1/release"
  fi
  [ -n "$version" ] || version="$("$1/bin/java" -XshowSettings:properties -version 2>&1 | sed -n 's/ *java.specification.version = //p')"
  version="${version#1.}"
  version="${version%%[!0-9]*}"
  printf '%s' "${version:-0}"
}

have_jdk() { JAVA_HOME="$(find_jdk 17)" && export JAVA_HOME; }

# Java draws text in pictures with the system's fonts, even without a screen.
have_fonts() {
  [ "$(uname)" = Linux ] || return 0
  if command -v fc-list >/dev/null; then [ -n "$(fc-list 2>/dev/null | head -n 1)" ]; return; fi
  [ -n "$(find /usr/share/fonts -name '*.[to]t[fc]' -print -quit 2>/dev/null)" ]
}

# The Maven wrapper unpacks Maven's zip, once.
have_unzip() { command -v unzip >/dev/null || compgen -G "${MAVEN_USER_HOME:-$HOME/.m2}/wrapper/dists/*/*/bin/mvn" >/dev/null; }

need_java() {
  if [ "$install_packages" = yes ]; then
    local missing=()
    have_jdk || missing+=("$(jdk_package)")
    have_fonts || missing+=(fontconfig fonts-dejavu-core)
    have_unzip || missing+=(unzip)
    install_system ${missing[@]+"${missing[@]}"}
  fi
  have_jdk || refuse "please install a JDK 17 or newer (on Debian: apt-get install openjdk-17-jdk-headless) or set JAVA_HOME to one."
  have_unzip || refuse "please install unzip (on Debian: apt-get install unzip), which unpacks Maven."
}

need_fonts() { have_fonts || refuse "please install a font, which pictures need (on Debian: apt-get install fontconfig fonts-dejavu-core)."; }

jdk_package() { # newer Debians have dropped 17
  if apt-cache show openjdk-17-jdk-headless >/dev/null 2>&1 || grep -qs '^VERSION_ID="1[12]"' /etc/os-release; then
    echo openjdk-17-jdk-headless
  else
    echo default-jdk-headless
  fi
}

# Compiles the library and lays out its class path, if a source is newer than the last build.
build_java() {
  [ -z "${LIFTGRAD_BUILT:-}" ] || return 0   # set by tests that run inside a build
  java_is_built && return 0
  with_lock
  if ! java_is_built; then
    : >"$target/.building"
    busy "Building the library (the first time: fetching Maven and the libraries too)" build \
      run_maven -q -DskipTests process-classes
    mv "$target/.building" "$target/.built"
  fi
  unlock
}

java_is_built() {
  [ -f "$target/.built" ] && [ -d "$target/classes" ] && [ -d "$target/libraries" ] && [ -d "$target/kernel-libraries" ] \
    && [ -z "$(find "$checkout/pom.xml" "$checkout/.mvn" "$checkout/src/main" "$checkout/src/vector" -newer "$target/.built" -print -quit)" ]
}

# ---------------------------------------------------------------- Spark

# What the build's profile "spark" fetches, measured when it was locked.
spark_download="150 MB"

# The library with its executor on Spark, which nobody fetches who does not ask for it. For commands that set spark=yes.
build_spark() {
  [ -z "${LIFTGRAD_BUILT:-}" ] || return 0
  spark_is_built && return 0
  with_lock
  if ! spark_is_built; then
    : >"$target/.spark-building"
    busy "Building the library with Spark (the first time: fetching Spark, about $spark_download)" spark \
      run_maven -q -P spark -DskipTests process-test-classes
    mv "$target/.spark-building" "$target/.spark-built"
  fi
  unlock
}

spark_is_built() {
  [ -f "$target/.spark-built" ] && [ -d "$target/spark-classes" ] && [ -d "$target/spark-libraries" ] && [ -d "$target/spark-shipped" ] \
    && [ -z "$(find "$checkout/pom.xml" "$checkout/.mvn" "$checkout/src/main" "$checkout/src/spark" -newer "$target/.spark-built" -print -quit)" ]
}

# Maven looks for its project in the folder it runs in.
run_maven() { (cd "$checkout" && exec ./mvnw -B -ntp "$@"); }

# The start of every java command of ours. The JVM notes fonts in ~/.java, which is not ours to write.
java_command() {
  # Without a UTF-8 locale Java can neither open "ü.csv" nor say "10×3".
  case "${LC_ALL:-${LC_CTYPE:-${LANG:-}}}" in *[Uu][Tt][Ff]*) ;; *) export LC_ALL=C.UTF-8 ;; esac
  # The Vector module only where it is asked for: a JVM that has it says so on every start.
  local fast=()
  case "${LIFTGRAD_PRODUCTS:-}" in
    '') ;;
    vector|fastest) fast=(--add-modules jdk.incubator.vector "-Dliftgrad.products=$LIFTGRAD_PRODUCTS") ;;
    *) fast=("-Dliftgrad.products=$LIFTGRAD_PRODUCTS") ;;
  esac
  local path="$target/classes:$target/libraries/*:$target/kernel-libraries/*"
  # SQLite's own library is native code, too.
  local more=(--enable-native-access=ALL-UNNAMED)
  if [ "$spark" = yes ]; then
    path="$target/spark-classes:$target/classes:$target/spark-libraries/*"
    more+=("@$checkout/src/spark/java.options" "-Dliftgrad.spark.jars=$target/spark-shipped")
  fi
  exec "$JAVA_HOME/bin/java" ${fast[@]+"${fast[@]}"} "${more[@]}" -Djava.awt.headless=true -XX:+UseSerialGC "-Duser.home=$target/home" \
    -cp "$path" "$@"
}

# ---------------------------------------------------------------- Python

python_works() { "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))' >/dev/null 2>&1; }

find_python() {
  local name
  for name in ${LIFTGRAD_PYTHON:+"$LIFTGRAD_PYTHON"} python3 python3.13 python3.12 python3.11 python3.10 python3.9 python; do
    if command -v "$name" >/dev/null && python_works "$name"; then python="$name"; return 0; fi
  done
  return 1
}

need_python() {
  if [ "$install_packages" = yes ] && ! find_python; then install_system python3 python3-venv; fi
  find_python || refuse "please install Python 3.9 or newer with its venv module (on Debian: apt-get install python3 python3-venv)."
}

# Python's tools, exactly those of the lock file, in target/python.
build_python() {
  local lock="$checkout/environment/requirements.lock" venv="$target/python"
  python_is_built && return 0
  with_lock
  if ! python_is_built; then
    rm -rf "$venv"
    busy "Making a Python environment" venv "$python" -m venv "$venv"
    # Wheels only: building a source package would run tools that no hash covers.
    busy "Installing the notebook tools (JupyterLab and what it needs)" pip \
      "$venv/bin/python" -m pip install --disable-pip-version-check --require-hashes --only-binary :all: --requirement "$lock"
    cp "$lock" "$venv/requirements.lock"
  fi
  unlock
}

# A venv holds absolute paths: a moved checkout needs a new one.
python_is_built() {
  cmp -s "$checkout/environment/requirements.lock" "$target/python/requirements.lock" \
    && [ -x "$target/python/bin/python" ] && grep -qF "$target/python" "$target/python/bin/activate"
}

# ---------------------------------------------------------------- a browser

# Chromium, by any of the names that systems have for it.
find_browser() {
  local name
  for name in ${LIFTGRAD_BROWSER:+"$LIFTGRAD_BROWSER"} chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$name" >/dev/null; then LIFTGRAD_BROWSER="$(command -v "$name")"; export LIFTGRAD_BROWSER; return 0; fi
  done
  return 1
}

need_browser() {
  if [ "$install_packages" = yes ] && ! find_browser; then install_system chromium; fi
  find_browser || refuse "please install Chromium (on Debian: apt-get install chromium), or name it in LIFTGRAD_BROWSER."
}

# ---------------------------------------------------------------- peers of the benchmarks

# What environment/peers/requirements.lock weighs (Python 3.11, Linux on x86_64), measured when it was locked.
peers_download="2.6 GB"
peers_disk="4.5 GB"

# PyTorch, JAX and SciPy, exactly those of the lock file, in target/peers.
build_peers() {
  local lock="$checkout/environment/peers/requirements.lock" venv="$target/peers" python
  peers_are_built && return 0
  python="$(find_peers_python)" || refuse "the peers need Python 3.11 or newer with its venv module; LIFTGRAD_PYTHON may name one."
  say "PyTorch, JAX and SciPy: a download of about $peers_download, $peers_disk in target/peers."
  with_lock
  if ! peers_are_built; then
    rm -rf "$venv"
    busy "Making a Python environment for them" peers-venv "$python" -m venv "$venv"
    # The list is whole as it is: what PyTorch asks for beyond it serves devices only (see requirements.in).
    busy "Fetching and installing them" peers-pip "$venv/bin/python" -m pip install --disable-pip-version-check \
      --require-hashes --no-deps --only-binary :all: --requirement "$lock"
    cp "$lock" "$venv/requirements.lock"
  fi
  unlock
}

peers_are_built() {
  cmp -s "$checkout/environment/peers/requirements.lock" "$target/peers/requirements.lock" \
    && [ -x "$target/peers/bin/python" ] && grep -qF "$target/peers" "$target/peers/bin/activate"
}

find_peers_python() {
  local name
  for name in ${LIFTGRAD_PYTHON:+"$LIFTGRAD_PYTHON"} python3 python3.13 python3.12 python3.11 python; do
    if python_works "$name" && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      printf '%s' "$name"; return 0
    fi
  done
  return 1
}

# A Python that has PyTorch already, whichever build.
find_python_with_torch() {
  local name
  for name in ${LIFTGRAD_PYTHON:+"$LIFTGRAD_PYTHON"} python3 python; do
    if "$name" -c 'import torch, numpy' >/dev/null 2>&1; then command -v "$name"; return 0; fi
  done
  return 1
}

# ---------------------------------------------------------------- Jupyter

# Jupyter sees our kernel and writes nowhere but into target/.
jupyter_environment() {
  export JUPYTER_PATH="$checkout/environment/jupyter"
  export JUPYTER_CONFIG_DIR="$target/jupyter/config" JUPYTER_DATA_DIR="$target/jupyter/data"
  export JUPYTER_RUNTIME_DIR="$target/jupyter/runtime" IPYTHONDIR="$target/jupyter/ipython"
  export JUPYTERLAB_SETTINGS_DIR="$target/jupyter/lab/settings" JUPYTERLAB_WORKSPACES_DIR="$target/jupyter/lab/workspaces"
  export JUPYTER_PLATFORM_DIRS=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUTF8=1
  mkdir -p "$JUPYTER_CONFIG_DIR" "$JUPYTER_DATA_DIR" "$JUPYTER_RUNTIME_DIR" "$IPYTHONDIR"
}

# No home: the caches have to go somewhere.
if [ -z "${HOME:-}" ]; then export HOME="$target/home"; mkdir -p "$HOME"; fi
