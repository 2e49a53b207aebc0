#!/bin/sh
# Cargo calls this for every program that is wasm: it builds kata-runner and runs it.
#
# The runner is for this machine, and all that a reader sets for the wasm would reach its build as
# well: flags, which the host's linker may not know, and profiles. So none of them does, and one
# build serves every call.
set -eu

# Cargo runs a test in its package's folder, where a relative target folder would be another one. The
# wasm tells the right one: <target folder>/wasm32-unknown-unknown/debug/deps/spec-<hash>.wasm
case ${1-} in
/*/wasm32-unknown-unknown/*)
    CARGO_TARGET_DIR=${1%/wasm32-unknown-unknown/*}
    export CARGO_TARGET_DIR
    [ -z "${CARGO_BUILD_BUILD_DIR-}" ] || export CARGO_BUILD_BUILD_DIR="$CARGO_TARGET_DIR"
    ;;
esac

# What the wasm was built with, by name: after a failure the runner tells.
KATA_BUILT_WITH=$(env | sed -n \
    -e 's/^\(CARGO_BUILD_RUSTFLAGS\)=..*/\1/p' \
    -e 's/^\(CARGO_ENCODED_RUSTFLAGS\)=..*/\1/p' \
    -e 's/^\(CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS\)=..*/\1/p' \
    -e 's/^\(CARGO_PROFILE_[A-Z0-9_]*\)=..*/\1/p')
export KATA_BUILT_WITH

# Empty, it goes before `RUSTFLAGS` and before the flags of every Cargo configuration.
export CARGO_ENCODED_RUSTFLAGS=
for name in $(env | sed -n 's/^\(CARGO_PROFILE_[A-Z0-9_]*\)=.*/\1/p'); do
    unset "$name"
done

# The runners that are built: one for each kind of machine.
find_built() {
    many=0
    for built in "${CARGO_TARGET_DIR-}"/*/debug/kata-runner; do
        [ ! -e "$built" ] || many=$((many + 1))
    done
}

# The first build takes a minute or more, so it is seen.
find_built
[ "$many" != 0 ] || exec "${CARGO:-cargo}" run --target host-tuple -p tools-runner -- "$@"

# Later ones find nothing to do, mostly. What takes longer, or waits for another Cargo, says so. Its sleep
# holds no pipe, since whoever reads that to its end would wait.
{
    sleep 2 >/dev/null 2>&1
    echo "the test runner is being built, or waits for another Cargo" >&2
} &
word=$!
ended=0
"${CARGO:-cargo}" build --quiet --target host-tuple -p tools-runner || ended=2
kill "$word" 2>/dev/null || :
[ "$ended" = 0 ] || exit "$ended"
find_built
[ "$many" = 1 ] && exec "$built" "$@"
exec "${CARGO:-cargo}" run --quiet --target host-tuple -p tools-runner -- "$@"
