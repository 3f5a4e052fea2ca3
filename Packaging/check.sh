#!/usr/bin/env bash
# Tries the package of `make dist` in a clean Debian 12: installs it there, compiles a program for both
# processors and runs it. Needs root, debootstrap, and the toolchain of `make demo` for the program.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'test-dist: %s\n' "$*" >&2; }

[[ $(id -u) == 0 ]] || { say "making a root file system takes root"; exit 1; }
package=$(echo .build/dist/smelt_*_"$(dpkg --print-architecture)".deb)
[[ -f $package ]] || { say "there is no package: run make dist"; exit 1; }

# It is not below the checkout, whose path may have any form.
root=$(mktemp -d)
chmod 755 "$root"
cleanup() {
    umount "$root/proc" 2>/dev/null || true
    rm -rf --one-file-system "$root"
}
trap cleanup EXIT
say "making a Debian 12 in $root"
# From the mirror that debootstrap takes by itself, unless there is a nearer one.
debootstrap --variant=minbase bookworm "$root" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"} >"$root.log" 2>&1 || {
    tail -n 20 "$root.log" >&2
    exit 1
}
rm -f "$root.log"
# LLVM comes from the security suite, which the same mirror has.
sed -n 's|/debian/\{0,1\} bookworm main.*|/debian-security bookworm-security main|p' "$root/etc/apt/sources.list" \
    >"$root/etc/apt/sources.list.d/security.list"
cp /etc/resolv.conf "$root/etc/resolv.conf"
mount -t proc proc "$root/proc"

home=/srv/check
mkdir -p "$root$home"
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="$home" "$@"; }
export DEBIAN_FRONTEND=noninteractive
cp "$package" "$root$home/smelt.deb"
inside apt-get update -q >/dev/null
say "installing $package"
inside apt-get install -y -q --no-install-recommends "$home"/smelt.deb qemu-user >/dev/null 2>&1
if inside sh -c 'command -v swift clang'; then
    say "there are compilers in what should be bare"
    exit 1
fi

cat >"$root$home/hello.c" <<'C'
#include <stdio.h>

int main(int argc, char **argv) {
    printf("Hello, %s!\n", argc > 1 ? argv[1] : "world");
}
C
clang-22 --target=wasm32-wasi -Wno-deprecated -O2 "$root$home/hello.c" -o "$root$home/hello.wasm"

expect() {
    local expected=$1 found
    shift
    found=$(inside "$@") || { say "failed: $*"; exit 1; }
    if [[ $found != "$expected" ]]; then
        say "$*: printed '$found', not '$expected'"
        exit 1
    fi
    printf 'ok: %s\n' "$*"
}
for machine in x86_64 aarch64; do
    inside smelt compile "$home"/hello.wasm --target "$machine-linux-musl" -o "$home/hello-$machine"
    run=()
    [[ $machine == "$(uname -m)" ]] || run=("qemu-$machine")
    expect "Hello, $machine!" ${run[@]+"${run[@]}"} "$home/hello-$machine" "$machine"
done
expect "Hello, --dir!" smelt run "$home"/hello.wasm -- --dir
# What the kernel would do.
expect "Hello, --env!" /usr/lib/smelt/smelt-binfmt "$home"/hello.wasm --env
inside smelt compile "$home"/hello.wasm --emit archive --header "$home"/hello.h --name hello -o "$home"/libhello.a
expect "smelt.1.gz" sh -c 'ls /usr/share/man/man1 | grep smelt'
inside dpkg --remove smelt >/dev/null
expect "" sh -c 'find /usr -name "*smelt*"'
printf 'the package works: %s\n' "$package"
