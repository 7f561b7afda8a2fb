#!/bin/sh
# Are the tools here that the README asks for, and new enough?
#   prerequisites.sh run    Rust, Node, npm, a C and a C++ compiler
#   prerequisites.sh test   the same and Python
# Says everything that is missing at once, and what to do about it; exit code 1 if anything is.
# This is sh and not xtask, because xtask itself needs cargo and a linker.

purpose=${1:-run}
missing=0

complain() {
    echo "missing: $1" >&2
    echo "         $2" >&2
    missing=1
}

# at_least HAVE MAJOR MINOR: is the version HAVE ("1.95.0") at least MAJOR.MINOR?
at_least() {
    have_major=${1%%.*}
    rest=${1#*.}
    have_minor=${rest%%.*}
    case "$have_major$have_minor" in '' | *[!0-9]*) return 1 ;; esac
    [ "$have_major" -gt "$2" ] || { [ "$have_major" -eq "$2" ] && [ "$have_minor" -ge "$3" ]; }
}

has() { command -v "$1" >/dev/null 2>&1; }

if ! has cargo || ! has rustc; then
    complain "Rust (cargo and rustc)" "install stable Rust 1.95 or newer from https://rustup.rs and open a new shell"
else
    version=$(rustc --version | cut -d' ' -f2)
    at_least "$version" 1 95 || complain "Rust 1.95 or newer (this is $version)" "rustup update stable"
fi

if ! has node; then
    complain "Node.js 20.19 or newer" "install it from https://nodejs.org or with your system's packages"
else
    version=$(node --version)
    version=${version#v}
    at_least "$version" 20 19 || complain "Node.js 20.19 or newer (this is $version)" "install a newer one from https://nodejs.org"
    has npm || complain "npm" "it comes with Node.js from https://nodejs.org; on Debian: apt-get install npm"
fi

if ! has cc; then
    complain "a C compiler (cc)" "on Debian: apt-get install build-essential"
elif ! has c++; then
    complain "a C++ compiler (c++)" "on Debian: apt-get install build-essential"
fi

check_python() {
    if ! has python3; then
        complain "Python 3.11 or newer (python3)" "on Debian: apt-get install python3 python3-venv"
        return
    fi
    version=$(python3 -c 'import platform; print(platform.python_version())')
    at_least "$version" 3 11 || complain "Python 3.11 or newer (this is $version)" "on Debian 12: apt-get install python3 python3-venv"
}

[ "$purpose" = run ] || check_python

exit $missing
