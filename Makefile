# siftd: build, run and test on Debian 12 with Swift 6.3. As root, or with sudo where it is needed.

SHELL = /bin/sh
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
SIFTD = .build/release/siftd
RUN_DIR = /run/siftd

# What the build, and the binary it makes, need of Debian; and what tests and the demo need more.
BUILD_PACKAGES = libmilter-dev libopenblas-dev libarchive-dev libicu-dev libssl-dev pkg-config
TEST_PACKAGES = postfix swaks miltertest curl ca-certificates
# Not the build folders that lie among them.
SWIFT_SOURCES = Package.swift Sources Tests/*Tests Tests/Integration Tests/Fuzz/Package.swift \
	Tests/Fuzz/Sources Benchmarks/Package.swift Benchmarks/Sources

.PHONY: all build run demo test lint format deps test-deps help

all: build

help:
	@echo "make run     build and start the daemon with its defaults"
	@echo "make demo    send a ham and a spam through a Postfix of its own and show the headers"
	@echo "make test    run all tests"
	@echo "make build   build only;  make lint  check the style;  make format  set it right"

# Installs only what is missing, so that a second run asks no package server.
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

build: deps
	swift build -c release --product siftd

# The set-group-id directory hands its group, and so the socket's, to Postfix.
run: build
	@group=$$(getent group postfix >/dev/null && echo postfix || id -gn); \
	$(SUDO) install -d -m 2750 -o "$$(id -un)" -g "$$group" $(RUN_DIR)
	@cat docs/try-it.txt
	@exec $(SIFTD) serve

demo: build test-deps
	$(SUDO) Tests/Integration/demo.sh $(SIFTD)

# One build serves the daemon and the tests, with the optimisations that users get.
test: test-deps lint
	swift build -c release --build-tests
	swift test -c release --skip-build

lint:
	swift format lint --strict --recursive $(SWIFT_SOURCES)

format:
	swift format --in-place --recursive $(SWIFT_SOURCES)
