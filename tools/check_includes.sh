#!/bin/sh
# Checks that #include lines follow the directions of the folders (docs/design.md, "Parts").
set -eu
cd "$(dirname "$0")/.."

# FOLDER: the folders it may include, besides itself.
allowed='
base:
uxn: base
tal: base uxn/opcode
varvara: base uxn
web: base uxn tal varvara
host: base uxn varvara
front: base uxn varvara host tal/utf8
app: base uxn tal varvara host front
'
# Inside uxn, the core may not know its engines.
status=0

printf '%s\n' "$allowed" | while IFS=: read -r folder may; do
    [ -n "$folder" ] || continue
    pattern="$folder/"
    for other in $may; do
        case $other in
            */*) pattern="$pattern|$other" ;;
            *) pattern="$pattern|$other/" ;;
        esac
    done
    if grep -rnE '^#include "' "src/$folder" --include='*.?pp' --include='*.inc' |
        grep -vE "#include \"($pattern)"; then
        echo "check_includes: src/$folder may include only: $folder $may" >&2
        exit 1
    fi
done || status=1

if grep -nE '^#include "uxn/(interp|fused|native|jit|engines)' src/uxn/*.hpp src/uxn/*.cpp |
    grep -v '^src/uxn/engines\.cpp'; then
    echo 'check_includes: the core of src/uxn may not include its engines' >&2
    status=1
fi
exit $status
