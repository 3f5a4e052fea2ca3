#!/usr/bin/env bash
# Makes a Debian package and a tarball for this machine's processor, in .build/dist. Needs a finished
# `make build`, dpkg-dev and xz-utils.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'dist: %s\n' "$*" >&2; }

out=.build/dist
architecture=$(dpkg --print-architecture)

# The version -----------------------------------------------------------------------------------

number=$(.build/smelt/bin/smelt --version | sed -n '1s/^smelt \([^ ]*\) .*/\1/p')
if tag=$(git describe --tags --exact-match --match 'v[0-9]*' 2>/dev/null); then
    if [[ $tag != "v$number" ]]; then
        say "the tag is $tag, but the compiler says that it is $number: change SmeltVersion.swift"
        exit 1
    fi
    version=$number
else
    version=$number~git$(git log -1 --format=%cd --date=format:%Y%m%d).$(git rev-parse --short=7 HEAD)
fi
grep -q "^## ${number//./\\.}\b" CHANGELOG.md || {
    say "CHANGELOG.md says nothing about $number"
    exit 1
}
# Every file is as old as the last change of the sources.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH

# The files -------------------------------------------------------------------------------------

rm -rf "$out"
mkdir -p "$out/tree/usr"
make --no-print-directory install PREFIX=/usr DESTDIR="$PWD/$out/tree" >/dev/null
docs=$out/tree/usr/share/doc/smelt
install -d "$docs" "$out/tree/usr/lib/binfmt.d" "$out/tree/usr/lib/smelt"
install -m 644 README.md SECURITY.md "$docs"
install -m 644 Packaging/copyright "$docs/copyright"
gzip -9n <CHANGELOG.md >"$docs/changelog.gz"
gzip -9nf "$out/tree/usr/share/man/man1/smelt.1"
install -m 644 Packaging/smelt.binfmt.conf "$out/tree/usr/lib/binfmt.d/smelt.conf"
install -m 755 Packaging/smelt-binfmt "$out/tree/usr/lib/smelt/smelt-binfmt"

# The tarball: the same below one folder, for any prefix ------------------------------------------

name=smelt-$version-linux-$(uname -m)
tar --create --xz --file "$out/$name.tar.xz" --directory "$out/tree/usr" --sort=name --owner=0 --group=0 \
    --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --transform "s,^\.,$name," .

# The package -----------------------------------------------------------------------------------

# The packages whose libraries the compiler is linked with, in versions that have what it uses.
mkdir -p "$out/debian"
printf 'Source: smelt\n\nPackage: smelt\nArchitecture: %s\n' "$architecture" >"$out/debian/control"
libraries=$(cd "$out" && dpkg-shlibdeps -O tree/usr/bin/smelt 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
rm -r "$out/debian"
[[ $libraries == *libllvm22* ]] || { say "the compiler does not say that it needs LLVM: $libraries"; exit 1; }
mkdir "$out/tree/DEBIAN"
size=$(du -k -s --apparent-size "$out/tree/usr" | cut -f1)
cat >"$out/tree/DEBIAN/control" <<CONTROL
Package: smelt
Version: $version
Architecture: $architecture
Maintainer: The Smelt team <smelt@localhost>
Installed-Size: $size
Depends: $libraries, lld-22
Suggests: qemu-user
Section: devel
Priority: optional
Description: ahead-of-time compiler from WebAssembly to native programs
 Smelt translates WebAssembly modules with WASI to static executables for Linux on
 x86-64 or AArch64, whichever it runs on, or to libraries with a header in C.
 Programs keep the sandbox of WebAssembly and use what they have been granted.
CONTROL
(cd "$out/tree" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) >"$out/tree/DEBIAN/md5sums"
find "$out/tree" -exec touch --no-dereference --date="@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --build --root-owner-group -Zxz "$out/tree" "$out/smelt_${version}_$architecture.deb" >/dev/null
rm -r "$out/tree"
(cd "$out" && sha256sum ./*.deb ./*.tar.xz | tee SHA256SUMS)
