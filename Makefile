# make demo          the bulletin's board as real processes (ONCE=1: end by itself)
# make test          everything that is checked; V=asan, V=tsan for one variant only
# make               build the programs into build/release
# make test-upgrade  brokers and agents one version apart: builds UPGRADE_FROM (a tag, a commit) and tests the two together
# make fuzz          each fuzz target for FUZZ_SECONDS
# make lint          format, clang-tidy, cppcheck, what systemd says of the unit files
# make layers        proof that the house's arrows go one way
# make test-metrics  metrics and alert rules, as promtool finds them
# make bench         what it does a second, beside a ceiling: W=w1,w3 for some works, FULL=1 at length
# make bench-check   the same, beside the ratios that tests/bench/RESULTS.md has; bench-record puts the last run there
# make bench-budget  where an update's instructions go
# make bench-peers   MAAT beside Redis, PostgreSQL and others, on the same work: W and FULL likewise, PEERS=redis,nats
# make docs          schema/FIELDS.md, and what is printed in schema/PROTOCOL.md, from the tables
# make install       programs, library, unit files, sample settings; DESTDIR, PREFIX
# make deb           Debian packages of all that, into build/deb
# make test-packages they are installed, used, removed and purged in a bare Debian 12 with systemd at work; as root

MAKEFLAGS += --no-builtin-rules
ifeq ($(origin CC),default)
  CC := gcc
endif
V       ?= release
PREFIX  ?= /usr/local
DESTDIR ?=
BINDIR  ?= $(PREFIX)/bin
UNITDIR ?= $(PREFIX)/lib/systemd/system
DOCDIR  ?= $(PREFIX)/share/doc/maat
LIBDIR  ?= $(PREFIX)/lib
MANDIR  ?= $(PREFIX)/share/man
COMPLETIONDIR ?= $(PREFIX)/share/bash-completion/completions
INCLUDEDIR   ?= $(PREFIX)/include
PKG_CONFIG   ?= pkg-config
OBJCOPY ?= objcopy
FUZZ_SECONDS ?= 20
BUILD   ?= build

O := $(BUILD)/$(V)

# --- what is built from what ----------------------------------------------
# A layer is a folder and a library; it may use only those that come before it.

sources = $(filter-out $(2),$(wildcard $(1:%=%/*.c)))

SCHEMA_SRC := $(call sources,schema schema/judge schema/fold,schema/describe.c)
WIRE_SRC   := $(call sources,schema/wire)
STORE_SRC  := $(call sources,store)
BROKER_SRC := $(call sources,broker $(addprefix broker/,backup commands feeds ledger loop queries watched),broker/main.c)
FILES_SRC  := $(call sources,agents/files)
MAAT_SRC   := $(call sources,agents/libmaat)
AGENCY_SRC := $(call sources,agents/agency $(addprefix agents/agency/,commands front spool),agents/agency/main.c)
CLI_SRC    := $(call sources,agents/cli $(addprefix agents/cli/,import printed sending showing watch),agents/cli/main.c)
UNIT_SRC   := $(call sources,tests tests/unit tests/contract tests/property) $(patsubst %,tests/bench/%.c,figures latency process recorded run_wanted) \
              $(patsubst %,tests/bench/peers/%.c,amqp amqp_methods audience comparison family load resp server step syncs)
SYSTEM_SRC := $(call sources,tests tests/system)
FUZZ_WITH  := tests/option_records.o tests/small_board.o tests/small_bodies.o tests/states.o
FUZZERS    := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c))

pkg = $(shell $(PKG_CONFIG) --libs $(1) 2>/dev/null)
SCHEMA_LIBS := $(call pkg,msgpack jansson libutf8proc libcrypto)
WIRE_LIBS   := $(call pkg,libczmq libzmq)
SERVICE_LIBS := $(call pkg,libsystemd libmicrohttpd)
STORE_LIBS  := $(call pkg,lmdb)
ALL_LIBS     = $(STORE_LIBS) $(WIRE_LIBS) $(SERVICE_LIBS) $(SCHEMA_LIBS) -lcsv -lpthread

# --- flags ------------------------------------------------------------------

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
        -Wmissing-prototypes -Wvla -Wcast-qual -Wwrite-strings -Wformat=2 \
        -Wundef -Wswitch-enum -Wnull-dereference -Werror=implicit-function-declaration
HARD := -fstack-protector-strong -fstack-clash-protection -fcf-protection \
        -D_FORTIFY_SOURCE=3
HARD_LD := -pie -Wl,-z,relro,-z,now,-z,noexecstack

ifeq ($(V),release)
  OPT := -O2 -g $(HARD)
  LINK := $(HARD_LD)
else ifeq ($(V),debug)
  OPT := -O0 -g3
else ifeq ($(V),asan)
  OPT := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
  LINK := -fsanitize=address,undefined
else ifeq ($(V),tsan)
  OPT := -O1 -g -fsanitize=thread -DENVIRONMENT_GIB=64
  LINK := -fsanitize=thread
  # libzmq is not instrumented, so how it hands memory from thread to thread
  # can't be seen: what libraries touch is taken as right, what we touch is not.
  # The first race ends its program, so that no test can miss it.
  export TSAN_OPTIONS ?= ignore_noninstrumented_modules=1:halt_on_error=1
else ifeq ($(V),cov)
  OPT := -O0 -g --coverage
  LINK := --coverage
else ifeq ($(V),fuzz)
  CC  := clang
  OPT := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
  LINK := -fsanitize=fuzzer,address,undefined
else
  $(error V=$(V): want release, debug, asan, tsan, cov or fuzz)
endif

ALL_CPPFLAGS := -I. -I$(O) -D_GNU_SOURCE $(CPPFLAGS)
# One set of objects makes programs and libmaat.so.
ALL_CFLAGS   := -std=c17 -fPIC -fvisibility=hidden $(WARN) $(OPT) $(CFLAGS)
ALL_LDFLAGS  := $(LINK) $(LDFLAGS)

# --- targets ----------------------------------------------------------------

has_main = $(if $(wildcard $(2)/main.c),$(O)/$(1))
PROGRAMS := $(call has_main,maat-broker,broker) $(call has_main,maat-agent,agents/agency) \
            $(call has_main,maat,agents/cli)
LIBRARIES := $(O)/libmaat.so $(O)/libmaat.a
all: $(PROGRAMS) $(LIBRARIES)

UNITS   := $(wildcard $(foreach kind,service timer path,broker/*.$(kind) agents/agency/*.$(kind)))
SAMPLES := broker/broker.zpl agents/agency/maat-agent.zpl agents/agency/SOCKET.md
EXAMPLES := $(wildcard $(addprefix agents/examples/,*.c *.py *.mjs *.sh *.json))

$(O)/libschema.a: $(SCHEMA_SRC:%.c=$(O)/%.o)
$(O)/libwire.a:   $(WIRE_SRC:%.c=$(O)/%.o)
$(O)/libstore.a:  $(STORE_SRC:%.c=$(O)/%.o)
$(O)/libbroker.a: $(BROKER_SRC:%.c=$(O)/%.o)
$(O)/libfiles.a:  $(FILES_SRC:%.c=$(O)/%.o)
$(O)/libclient.a: $(MAAT_SRC:%.c=$(O)/%.o)
$(O)/libagency.a: $(AGENCY_SRC:%.c=$(O)/%.o)
$(O)/libcli.a:    $(CLI_SRC:%.c=$(O)/%.o)

archives = $(patsubst %,$(O)/lib%.a,$(1))
$(O)/maat-broker: $(O)/broker/main.o $(call archives,broker store wire schema)
# These two are made of the library as it is installed, which shows nothing beneath it;
# of schema/wire they see how a program begins and reads its settings; the agent, how one
# that serves tells of itself.
BEGINNING := $(patsubst %,$(O)/schema/wire/%.o,manual program settings zpl host_clock)
SERVING   := $(patsubst %,$(O)/schema/wire/%.o,logging supervisor address listening monitor monitor_http monitor_ask checkup checkup_reach disk)
$(O)/maat-agent:  $(O)/agents/agency/main.o $(call archives,agency maat files) $(BEGINNING) $(SERVING) $(call archives,schema)
$(O)/maat:        $(O)/agents/cli/main.o $(call archives,cli maat files) $(BEGINNING) $(call archives,schema)
$(O)/describe:    $(O)/schema/describe.o $(call archives,schema)
$(O)/unit:        $(UNIT_SRC:%.c=$(O)/%.o) $(call archives,cli agency client files broker store wire schema)
$(O)/system:      $(SYSTEM_SRC:%.c=$(O)/%.o) $(call archives,cli agency client files broker store wire schema)
$(FUZZERS:%=$(O)/fuzz/%): $(O)/fuzz/%: $(O)/tests/fuzz/%.o $(FUZZ_WITH:%=$(O)/%) $(call archives,cli agency client files broker store wire schema)

# The library that is installed: what maat.h declares, with all that it needs of ours
# in one object, of which nothing else can be seen from outside.
LIBRARY := $(shell sed -n 's/^\#define MAAT_VERSION "\(.*\)"/\1/p' agents/libmaat/maat.h)
SONAME  := libmaat.so.$(firstword $(subst ., ,$(LIBRARY)))
PUBLIC  := $(patsubst %.c,$(O)/%.o,$(filter agents/libmaat/maat%.c,$(MAAT_SRC)))
LIBRARY_LIBS = $(WIRE_LIBS) $(SCHEMA_LIBS) $(STORE_LIBS) -lpthread

$(O)/libmaat.o: $(PUBLIC) $(call archives,client files wire schema)
	$(say) LD $@
	$(Q)$(CC) -r -nostdlib -o $@.whole $^
	$(Q)$(OBJCOPY) --wildcard --keep-global-symbol='maat_*' $@.whole $@
	$(Q)rm $@.whole

$(O)/libmaat.a: $(O)/libmaat.o

$(O)/libmaat.so: $(O)/libmaat.o agents/libmaat/libmaat.map
	$(say) LD $@
	$(Q)$(CC) -shared $(filter-out -pie,$(ALL_LDFLAGS)) -Wl,-soname,$(SONAME) \
	  -Wl,--version-script=agents/libmaat/libmaat.map -o $@ $< $(LIBRARY_LIBS)

$(O)/maat.pc: agents/libmaat/maat.pc.in FORCE
	$(Q)sed -e 's#@PREFIX@#$(PREFIX)#; s#@LIBDIR@#$(LIBDIR)#; s#@INCLUDEDIR@#$(INCLUDEDIR)#' \
	  -e 's#@VERSION@#$(LIBRARY)#; s#@PRIVATE@#$(LIBRARY_LIBS)#' $< > $@

# A manual page is what a person wrote, and what its program says of itself.
PAGES := broker/maat-broker.8 broker/broker.zpl.5 agents/agency/maat-agent.8 agents/agency/maat-agent.zpl.5 \
         agents/cli/maat.1 agents/cli/maat.zpl.5 agents/libmaat/libmaat.3
MANUAL := $(addprefix $(O)/man/,$(notdir $(PAGES)))
define manual_page
$(O)/man/$(notdir $(1)): $(1) $(PROGRAMS)
	@mkdir -p $$(@D)
	$$(say) MAN $$@
	$$(Q)PATH=$(O):$$$$PATH awk '!sub(/^\.\\" from /, "") { print; next } \
	  { part = $$$$0; said = 0; while ((part | getline line) > 0) { print line; said = 1 } } !said { exit 1 }' $$< > $$@
endef
$(foreach page,$(PAGES),$(eval $(call manual_page,$(page))))

SAYS_VERSION := broker/main broker/hello broker/watched/watching broker/watched/doctor agents/agency/main agents/agency/commands/doctor agents/agency/commands/rotate agents/cli/main agents/cli/talk \
                agents/libmaat/maat_outcome
$(SAYS_VERSION:%=$(O)/%.o): $(O)/version.h

LINKED := $(O)/maat-broker $(O)/maat-agent $(O)/maat $(O)/describe $(O)/unit $(O)/system $(FUZZERS:%=$(O)/fuzz/%)
# A source package has no tests.
-include tests/bench/bench.mk

# Services tell a supervisor; the library and `maat` do not.
$(filter-out $(O)/maat $(O)/describe,$(LINKED)): ALL_LIBS += $(SERVICE_LIBS)
$(LINKED):
	@mkdir -p $(@D)
	$(say) LD $@
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o %.a,$^) $(ALL_LIBS)

# Preloaded into the programs of any variant, so built alike for each.
$(O)/clock.so: tests/preload/clock.c $(O)/flags
	@mkdir -p $(@D)
	$(say) LD $@
	$(Q)$(CC) -D_GNU_SOURCE -std=c17 $(WARN) -O2 -g -fPIC -shared -o $@ $<

%.a:
	@mkdir -p $(@D)
	$(say) AR $@
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(O)/%.o: %.c $(O)/flags
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Rewritten only when its content changes, so that a new compiler or flag
# rebuilds everything and a new commit rebuilds only what prints the version.
FLAGS   := $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS)
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo unknown)
define keep
	@mkdir -p $(@D)
	@printf '%s\n' '$(1)' | cmp -s - $@ || printf '%s\n' '$(1)' > $@
endef
$(O)/flags: FORCE ; $(call keep,$(FLAGS))
$(O)/version.h: FORCE ; $(call keep,#define VERSION "$(VERSION)")

# --- what a new machine lacks ------------------------------------------------

BUILD_PACKAGES := gcc libc6-dev make pkg-config libzmq3-dev libczmq-dev libmsgpack-dev liblmdb-dev \
                  libjansson-dev libcsv-dev libutf8proc-dev libssl-dev libsystemd-dev libmicrohttpd-dev
RUN_PACKAGES   := jq socat procps strace mandoc
# Where npm is there, in whatever way, so is Node.
OTHER_PACKAGES := python3-zmq python3-msgpack python3-cryptography $(if $(shell command -v npm),,nodejs npm)
LINT_PACKAGES  := clang clang-format clang-tidy cppcheck libclang-rt-14-dev systemd

# Installs them where we may, else prints the line that does.
define install_packages
	$(Q)missing=$$(for p in $(1); do dpkg-query -W -f '$${Status}\n' $$p 2>/dev/null \
	  | grep -q 'ok installed' || printf ' %s' $$p; done); \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" -ne 0 ]; then \
	  echo "these packages are missing; install them with:"; \
	  echo "  sudo apt-get install --no-install-recommends$$missing"; exit 1; fi; \
	apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $$missing
endef
build-packages: ; $(call install_packages,$(BUILD_PACKAGES))
run-packages: ; $(call install_packages,$(BUILD_PACKAGES) $(RUN_PACKAGES))
lint-packages: ; $(call install_packages,$(BUILD_PACKAGES) $(LINT_PACKAGES))

# For the examples in other languages. Their binary is in npm's package: no script of it runs.
NODE_PACKAGES := $(BUILD)/node_modules/.package-lock.json
other-packages:
	$(call install_packages,$(OTHER_PACKAGES))
	$(Q)$(MAKE) -s --no-print-directory $(NODE_PACKAGES)

$(NODE_PACKAGES): agents/examples/package-lock.json
	@mkdir -p $(BUILD)
	$(say) NPM $<
	$(Q)cp agents/examples/package*.json $(BUILD)
	$(Q)npm ci --prefix $(BUILD) --prefer-offline --ignore-scripts --no-audit --no-fund --loglevel=error
	$(Q)touch $@

# --- tests ----------------------------------------------------------------------

# The packages come first, then make again: pkg-config is one of them.
demo: run-packages
	$(Q)$(MAKE) -s --no-print-directory all $(O)/clock.so
	$(Q)BIN=$(abspath $(O)) ONCE=$(ONCE) tests/demo/run

ifeq ($(origin V),command line)
  TESTED := $(V)
else
  TESTED := release asan
endif
test: run-packages bench-packages other-packages
	$(Q)tests/run $(TESTED)

# Beside the tests, which read metrics by themselves: promtool comes with a hundred megabytes.
METRICS_PACKAGES := prometheus socat
metrics-packages: ; $(call install_packages,$(BUILD_PACKAGES) $(METRICS_PACKAGES))
test-metrics: metrics-packages
	$(Q)$(MAKE) -s --no-print-directory all
	$(Q)BIN=$(abspath $(O)) tests/metrics/check

# The benchmarks are built too, so that no change breaks them unseen.
programs-and-tests: all $(O)/unit $(O)/system $(O)/bench $(O)/bench-peers $(O)/budget $(O)/clock.so

unit: $(O)/unit
	$(O)/unit $(T)

# The library and the examples are tested as they are installed. Several RUNNERS share the tests, which mostly
# wait; xargs, since what a shell has in its background is deaf to an interrupt.
RUNNERS ?= 1
system: all $(O)/system $(O)/clock.so $(NODE_PACKAGES)
	$(Q)$(MAKE) -s --no-print-directory install DESTDIR=$(abspath $(O))/installed PREFIX=/usr
	seq $(RUNNERS) | BIN=$(abspath $(O)) CC="$(CC)" LINK="$(LINK)" \
	  xargs -P $(RUNNERS) -I{} env SHARE={}/$(RUNNERS) $(O)/system $(T)

# Beside programs of an earlier version, which it builds: the last release, as long as there is one.
UPGRADE_FROM ?= $(shell git describe --tags --abbrev=0 2>/dev/null || echo 1cd0329)
test-upgrade: programs-and-tests
	$(Q)tests/upgrade $(O) $(UPGRADE_FROM)

fuzz: lint-packages
	$(Q)$(MAKE) --no-print-directory V=fuzz $(FUZZERS:%=$(BUILD)/fuzz/fuzz/%)
	$(Q)for f in $(FUZZERS); do mkdir -p $(BUILD)/corpus/$$f; \
	  $(BUILD)/fuzz/fuzz/$$f -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -close_fd_mask=2 \
	  -print_final_stats=1 $(BUILD)/corpus/$$f || exit 1; done

docs: $(O)/describe
	$< > schema/FIELDS.md
	$< schema/PROTOCOL.md > $(O)/PROTOCOL.md && cp $(O)/PROTOCOL.md schema/PROTOCOL.md

# An include may only go down the house, and says where it goes from the root; no
# agent's program looks into another's, nor beneath libmaat. Nothing in schema/ may
# ask for the time, a file or a socket, or print; only store and the outbox know LMDB.
SCHEMA_FILES := schema/*.[ch] schema/judge/*.[ch] schema/fold/*.[ch]
BROKER_FILES := broker/*.[ch] broker/*/*.[ch]
AGENCY_FILES := agents/agency/*.[ch] agents/agency/*/*.[ch]
CLI_FILES    := agents/cli/*.[ch] agents/cli/*/*.[ch]
IMPURE := open|fopen|read|fread|write|fwrite|socket|poll|time|clock_gettime|gettimeofday|localtime|random|rand|getenv|exit|printf|fprintf|vprintf|vfprintf|puts|fputs|putchar|putc|fputc|perror
layers: $(call archives,schema wire store broker agency cli files)
	$(Q)! grep -nE '#include "(schema/wire|store|broker|agents|tests)/' $(SCHEMA_FILES)
	$(Q)! grep -nE '#include "(store|broker|agents|tests)/' schema/wire/*.[ch]
	$(Q)! grep -nE '#include "(schema/wire|broker|agents|tests)/' store/*.[ch]
	$(Q)! grep -nE '#include "(agents|tests)/' $(BROKER_FILES)
	$(Q)! grep -nE '#include "(store|broker|tests)/' agents/*/*.[ch] agents/*/*/*.[ch]
	$(Q)! grep -nE '#include "(schema/wire|agents/(libmaat|agency|cli))/' agents/files/*.[ch]
	$(Q)! grep -nE '#include "agents/(agency|cli)/' agents/libmaat/*.[ch]
	$(Q)! grep -nE '#include "agents/cli/' $(AGENCY_FILES)
	$(Q)! grep -nE '#include "agents/agency/' $(CLI_FILES)
	$(Q)! grep -rnE --include='*.[ch]' '#include "[^/]+"' schema store broker agents tests | grep -v '"version.h"'
	$(Q)! grep -nE '#include [<"](lmdb|czmq|zmq)' $(SCHEMA_FILES)
	$(Q)! grep -nE '#include "(agents/libmaat|schema/wire)/' $(AGENCY_FILES) $(CLI_FILES) \
	  | grep -vE '"(agents/libmaat/maat|schema/wire/(logging|program|settings|supervisor|zpl|listening|monitor|monitor_ask|checkup|disk|host_clock))\.h"'
	$(Q)! grep -nE '#include [<"](lmdb|czmq|zmq)' $(AGENCY_FILES) $(CLI_FILES) agents/files/*.[ch]
	$(Q)! grep -nE '#include <lmdb' $(BROKER_FILES)
	$(Q)! nm -u $(O)/libschema.a | grep -E 'U (__)?($(IMPURE))(_chk)?$$'
	$(Q)! nm -u $(O)/libstore.a | grep -E 'U (zmq|zsys|zsock|zactor|zhashx?|zlistx?)_'
	$(Q)! nm -u $(call archives,wire broker) | grep -E 'U mdb_'
	$(Q)! nm -u $(call archives,agency cli files) | grep -E 'U (mdb|zmq|zsys|zsock|zactor|zclock|zstr)_'

# README and manual pages show only commands that the demo runs; those for the person on
# duty, what make test-packages types.
OPERATING := broker/OPERATING.md agents/OPERATING.md
readme:
	$(Q)mkdir -p $(O) && cut -d' ' -f2- tests/demo/year | sed 's/^! //' >$(O)/year
	$(Q)! { sed -n 's/^    maat/maat/p' README.md; \
	  sed -n '/^\.Bd/,/^\.Ed/{/^maat[ -]/p}' $(PAGES); } | grep -vxF -f $(O)/year
	$(Q)sed -n "s/^ *typed '\(.*\)'.*/\1/p" tests/packages/run >$(O)/typed
	$(Q)! sed -nE 's/^ {4,}((runuser -u maat-broker -- )?maat[ -])/\1/p' $(OPERATING) | grep -vxF -f $(O)/typed

# A warning of mandoc is a fault.
manual: $(MANUAL)
	mandoc -T lint -W warning $^

SRC = $(shell git ls-files '*.c' '*.h')
LINTED = $(SCHEMA_SRC) $(WIRE_SRC) $(STORE_SRC) $(BROKER_SRC) $(FILES_SRC) $(MAAT_SRC) $(AGENCY_SRC) $(CLI_SRC)
# cppcheck with -j looks at a file at a time: over several, 2.10 takes what a function fills
# in for what it reads.
lint: lint-packages $(O)/version.h units
	clang-format --dry-run -Werror $(SRC)
	printf '%s\n' $(LINTED) | xargs -P 2 -n 1 sh -c 'clang-tidy --quiet "$$@" -- $(ALL_CPPFLAGS) -std=c17' tidy
	cppcheck -j 2 --quiet --enable=warning,portability,performance --error-exitcode=1 \
	  --inline-suppr --suppress=missingIncludeSystem -I. schema store broker agents

units: all
	$(Q)tests/packages/units $(abspath $(O)) $(UNITS)

# Unit files name the programs where they are installed.
install: all $(O)/maat.pc $(MANUAL)
	install -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(UNITDIR) $(DESTDIR)$(DOCDIR)/examples \
	  $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(INCLUDEDIR) $(addprefix $(DESTDIR)$(MANDIR)/man,1 3 5 8)
	install -m 755 $(PROGRAMS) $(DESTDIR)$(BINDIR)
	for unit in $(UNITS); do \
	  sed 's#/usr/local/bin#$(BINDIR)#' $$unit > $(DESTDIR)$(UNITDIR)/$${unit##*/} || exit 1; done
	install -m 644 $(SAMPLES) README.md schema/FIELDS.md schema/PROTOCOL.md $(DESTDIR)$(DOCDIR)
	install -m 644 $(EXAMPLES) $(DESTDIR)$(DOCDIR)/examples
	for file in alerts.yml dashboard.json; do \
	  install -m 644 broker/$$file $(DESTDIR)$(DOCDIR)/maat-broker-$$file && \
	  install -m 644 agents/agency/$$file $(DESTDIR)$(DOCDIR)/maat-agent-$$file || exit 1; done
	install -m 644 $(O)/libmaat.so $(DESTDIR)$(LIBDIR)/libmaat.so.$(LIBRARY)
	ln -sf libmaat.so.$(LIBRARY) $(DESTDIR)$(LIBDIR)/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/libmaat.so
	install -m 644 $(O)/libmaat.a $(DESTDIR)$(LIBDIR)
	install -m 644 $(O)/maat.pc $(DESTDIR)$(LIBDIR)/pkgconfig
	install -m 644 agents/libmaat/maat.h $(DESTDIR)$(INCLUDEDIR)
	install -m 644 -D agents/cli/maat.bash $(DESTDIR)$(COMPLETIONDIR)/maat
	ln -sf maat $(DESTDIR)$(COMPLETIONDIR)/maat-broker
	ln -sf maat $(DESTDIR)$(COMPLETIONDIR)/maat-agent
	for page in $(MANUAL); do install -m 644 $$page $(DESTDIR)$(MANDIR)/man$${page##*.} || exit 1; done

include agents/debian/packages.mk

clean:
	rm -rf $(BUILD)

ifneq ($(VERBOSE),1)
  Q := @
  say = @printf '  %-3s %s\n'
else
  say = @:
endif

.PHONY: all metrics-packages test-metrics build-packages run-packages lint-packages other-packages demo test programs-and-tests unit system test-upgrade fuzz layers docs readme manual lint units install clean FORCE
.DELETE_ON_ERROR:
.SECONDARY:
-include $(shell find $(O) -name '*.d' 2>/dev/null)
