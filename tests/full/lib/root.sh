# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Bare Debian 12 roots, for the tests that source this.  KEYLINE_BASE may name a root that
# was made before: it is copied, which saves a minute.

# has PROGRAM...: ends the test as skipped where a program is missing.
has() {
	local program
	for program in "$@"; do
		command -v "$program" >/dev/null || { echo "no $program here"; exit 77; }
	done
}

# needs PROGRAM...: the same where root is missing.
needs() {
	[ "$(id -u)" = 0 ] || { echo "it takes root"; exit 77; }
	has "$@"
}

# make_root ROOT: a root with this machine's package sources.
make_root() {
	local mirror
	mirror=$(sed -n 's/^URIs: *//p;s/^deb *\(\[[^]]*\] *\)\?\([^ ]*\) .*/\2/p' \
		/etc/apt/sources.list.d/debian.sources /etc/apt/sources.list 2>/dev/null |
		awk 'NR == 1 { print $1 }')
	if [ -n "${KEYLINE_BASE:-}" ]; then
		cp -a "$KEYLINE_BASE/." "$1"
	else
		debootstrap --variant=minbase bookworm "$1" ${mirror:+"$mirror"}
	fi
	rm -rf "$1"/etc/apt/sources.list*
	mkdir -p "$1/etc/apt/sources.list.d"
	cp /etc/apt/sources.list "$1/etc/apt/" 2>/dev/null || true
	cp /etc/apt/sources.list.d/debian.sources "$1/etc/apt/sources.list.d/" 2>/dev/null || true
	cp -r /etc/apt/apt.conf.d/. "$1/etc/apt/apt.conf.d/"
	cp -L /etc/resolv.conf /etc/hosts "$1/etc/" 2>/dev/null || true
	chmod 755 "$1"
}

# copy_sources TARGET: the sources as a clone would have them.
copy_sources() {
	mkdir -p "$1"
	tar -C "${srcdir:?}" --exclude='./build*' --exclude=./demo-out --exclude=./.git --exclude=./configure \
		--exclude=./autom4te.cache -cf - . | tar -C "$1" -xf -
}
