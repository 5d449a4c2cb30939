# siftd: build, run and test on Debian 12 with Swift 6.3. As root, or with sudo where it is needed.

SHELL = /bin/sh
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
SIFTD = .build/release/siftd
RUN_DIR = /run/siftd
STATE_DIR = /var/lib/siftd

# Debian packages for the build and its binary, and those that tests and the demo need besides.
BUILD_PACKAGES = libcld2-dev libmilter-dev libopenblas-dev libarchive-dev libhdf5-dev libicu-dev libpq-dev libpsl-dev libsqlite3-dev libssl-dev libuchardet-dev pkg-config zlib1g-dev
PACKAGING_PACKAGES = debhelper dpkg-dev fakeroot lintian
TEST_PACKAGES = postfix dovecot-imapd dovecot-sieve swaks miltertest curl ca-certificates prometheus python3-venv spamc mandoc postgresql haproxy python3-yaml
# Folder by folder, because build folders are among them.
SWIFT_SOURCES = Package.swift Sources Tests/*Tests Tests/Integration Tests/Fuzz/Package.swift \
	Tests/Fuzz/Sources Tests/FuzzTargets Tests/FeedbackProbe Benchmarks/Package.swift Benchmarks/Sources

.PHONY: all build run demo deb man test test-deb test-systemd test-guides test-doctor test-page tsan asan lint format deps \
	test-deps help

all: build

help:
	@echo "make run     build and start the daemon with its defaults"
	@echo "make demo    send a ham and a spam through a private Postfix and show the headers"
	@echo "make test    check the style and run all tests"
	@echo "make tsan    run the tests under Thread Sanitizer;  make asan  under Address Sanitizer"
	@echo "make man     make the manual pages and shell completions anew"
	@echo "make deb     build Debian packages into .build/deb; make test-deb, test-systemd, test-guides"
	@echo "             and test-doctor install them in a minimal Debian and try them there"
	@echo "make build   build only;  make lint  check the style;  make format  correct it"

# Installs only missing packages, so that a second run asks no package server.
define install_packages
	@missing=""; for p in $(1); do \
		dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; \
	done; \
	if [ -n "$$missing" ]; then \
		echo "installing:$$missing"; \
		echo "postfix postfix/main_mailer_type select No configuration" | $(SUDO) debconf-set-selections; \
		$(SUDO) apt-get update -qq && \
		$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; \
	fi
endef

deps:
	$(call install_packages,$(BUILD_PACKAGES))

test-deps: deps
	$(call install_packages,$(TEST_PACKAGES))
	$(SUDO) Tests/Integration/private-sendmail.sh packages
	$(SUDO) Tests/Integration/private-exim.sh packages
	@Tests/Integration/clients.sh .build/clients || echo "no client libraries: their tests are skipped"

build: deps
	swift build -c release --product siftd

# The first directory is set-group-ID, so the socket gets Postfix's group. In the other is what
# siftd learns.
run: build
	@group=$$(getent group postfix >/dev/null && echo postfix || id -gn); \
	$(SUDO) install -d -m 2750 -o "$$(id -un)" -g "$$group" $(RUN_DIR); \
	test -d $(STATE_DIR) || $(SUDO) install -d -m 750 -o "$$(id -un)" $(STATE_DIR)
	@cat docs/try-it.txt
	@exec $(SIFTD) serve

demo: build test-deps
	$(SUDO) Tests/Integration/demo.sh $(SIFTD)

# Debian packages whose binary needs no Swift on the host. Takes a build of its own, .build-static.
DEB_DIR = .build/deb
deb: deps
	$(call install_packages,$(PACKAGING_PACKAGES))
	rm -rf $(DEB_DIR) && mkdir -p $(DEB_DIR)
	dpkg-checkbuilddeps
	debian/rules clean build
	DEB_DESTDIR=$(DEB_DIR) fakeroot debian/rules binary
	lintian --fail-on error,warning $(DEB_DIR)/*.deb
	@ls -l $(DEB_DIR)

# A minimal Debian by debootstrap, in memory: root, and 3 GB of it.
test-deb test-systemd test-guides test-doctor: test-%:
	@ls $(DEB_DIR)/*.deb > /dev/null 2>&1 || $(MAKE) deb
	$(call install_packages,debootstrap systemd-container)
	$(SUDO) Tests/Packaging/$*.sh $(DEB_DIR)

# What failed is said once more at the end, where a log that is cut keeps it.
test: test-deps lint
	@mkdir -p .build && rm -f .build/test.status
	{ swift test -c release 2>&1; echo $$? > .build/test.status; } | tee .build/test.log
	@test "$$(cat .build/test.status)" = 0 || { grep -a '✘' .build/test.log; exit 1; }

# The web page in headless Chromium; leaves pictures of each view in .build/page.
test-page: build
	$(call install_packages,chromium chromium-driver python3-selenium)
	/usr/bin/python3 Tests/Browser/page.py $(SIFTD) .build/page

# Each sanitizer has a build folder and takes a debug build of everything. The daemon is built with
# the sanitizer as well, so the tests that start it are included. Mail through real servers is left
# out: it would take half an hour, and Dovecot gives programs too little address space for a
# sanitizer. Tests/sanitizers explains each suppressed report.
SANITIZED_TESTS = --skip MailCaseTests --skip PostfixTests --skip DovecotTests
SUPPRESSIONS = $(CURDIR)/Tests/sanitizers

tsan: test-deps
	TSAN_OPTIONS="suppressions=$(SUPPRESSIONS)/thread.supp" \
	swift test --sanitize=thread --scratch-path .build-tsan $(SANITIZED_TESTS)

asan: test-deps
	LSAN_OPTIONS="suppressions=$(SUPPRESSIONS)/leak.supp:print_suppressions=0" \
	swift test --sanitize=address --scratch-path .build-asan $(SANITIZED_TESTS)

# Pages and completions of the commands and keys there are; siftd-headers(7) is written by hand.
man: build
	$(SIFTD) manual siftd.8 > share/man/man8/siftd.8
	$(SIFTD) manual siftd.toml.5 > share/man/man5/siftd.toml.5
	$(SIFTD) --generate-completion-script bash > share/bash-completion/completions/siftd
	$(SIFTD) --generate-completion-script zsh > share/zsh/vendor-completions/_siftd
	$(SIFTD) --generate-completion-script fish > share/fish/vendor_completions.d/siftd.fish

lint:
	Scripts/version check
	Scripts/check-comments
	swift format lint --strict --recursive $(SWIFT_SOURCES)

format:
	swift format --in-place --recursive $(SWIFT_SOURCES)
