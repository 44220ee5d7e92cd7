#!/bin/sh
# Usage: vectors.sh CASES SEED                         record and replay; exit status 1 if anything differs
#        vectors.sh record FILE SEED CASES [TEXT]      record rows whose key, method and feature match the regular expression TEXT
#        vectors.sh replay FILE
# Classes are taken from target/ of the modules (mvn test-compile), or from CLASSPATH if it is set.
set -e
here=$(cd "$(dirname "$0")" && pwd)
cpu=$here/../../..
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: "${CLASSPATH:=$cpu/target/test-classes:$cpu/target/classes:$cpu/../api/target/classes}"
export CLASSPATH
main=io.github.paravane.cpu.vectors.NativeVectors
cc=${CC:-cc}
[ "$1" = replay ] || $cc -O1 -static-pie -fPIE -fno-stack-protector -o "$work/harness" "$here/harness.c"
case $1 in
record) java $main record "$work/harness" "$2" "$3" "$4" ${5:+"$5"} ;;
replay) java $main replay "$2" ;;
*)
    java $main record "$work/harness" "$work/recording" "$2" "$1"
    java $main replay "$work/recording"
    ;;
esac
