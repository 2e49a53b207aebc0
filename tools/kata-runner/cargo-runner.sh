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

# Empty, it goes before `RUSTFLAGS` and before the flags of every Cargo configuration.
export CARGO_ENCODED_RUSTFLAGS=
for name in $(env | sed -n 's/^\(CARGO_PROFILE_[A-Z0-9_]*\)=.*/\1/p'); do
    unset "$name"
done

# The first build takes a minute or more, so it is seen.
quiet=
for built in "${CARGO_TARGET_DIR-}"/*/debug/kata-runner; do
    [ ! -e "$built" ] || quiet=--quiet
done

exec "${CARGO:-cargo}" run $quiet --target host-tuple -p tools-runner -- "$@"
