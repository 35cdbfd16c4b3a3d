# A part of the Makefile: the benchmarks. What MAAT does a second, beside a ceiling (bench)
# and beside its peers (bench-peers); where an update's instructions go (budget).

BENCH_SRC  := $(wildcard tests/bench/*.c) $(patsubst %,tests/%.c,caller line rig scratch)
BUDGET_SRC := $(wildcard tests/bench/budget/*.c) tests/bench/updates.c $(patsubst %,tests/%.c,scratch small_board states)
PEERS_SRC  := $(wildcard tests/bench/peers/*.c) $(patsubst %,tests/%.c,caller line rig scratch) \
              $(patsubst %,tests/bench/%.c,bench_board figures followers idlers latency long_board machine_name made_journal process producers pushing run_wanted updates)

$(O)/bench-peers: $(PEERS_SRC:%.c=$(O)/%.o) $(call archives,cli agency client files broker store wire schema)
$(O)/budget:      $(BUDGET_SRC:%.c=$(O)/%.o) $(call archives,broker store wire schema)
$(O)/bench:       $(BENCH_SRC:%.c=$(O)/%.o) $(call archives,cli agency client files broker store wire schema)
LINKED += $(O)/bench $(O)/bench-peers $(O)/budget

$(O)/tests/bench/main.o $(O)/tests/bench/peers/main.o: $(O)/version.h
$(O)/bench-peers: ALL_LIBS += -lssl $(call pkg,libpq)
$(O)/tests/bench/peers/%.o: ALL_CPPFLAGS += $(shell $(PKG_CONFIG) --cflags libpq 2>/dev/null)

BENCH_PACKAGES := libpq-dev
bench-packages: ; $(call install_packages,$(BENCH_PACKAGES))

# Not among the tests: figures depend on the machine. tests/bench/RESULTS.md has
# those that were measured.
bench: all $(O)/bench $(O)/clock.so
	$(Q)mkdir -p $(BUILD)/bench
	$(Q)BIN=$(abspath $(O)) $(O)/bench run $(BUILD)/bench $(if $(FULL),full,short) $(W)

# Those that have a ceiling, unless others are asked for.
bench-check: W ?= w1,w2,w3,w5
bench-check: all $(O)/bench $(O)/clock.so
	$(Q)mkdir -p $(BUILD)/bench
	$(Q)BIN=$(abspath $(O)) $(O)/bench check tests/bench/RESULTS.md $(BUILD)/bench $(if $(FULL),full,short) $(W)

# Of W1 in a few seconds. Not a test: a slow machine fails nothing.
bench-ratio: all $(O)/bench
	-$(Q)BIN=$(abspath $(O)) timeout 120 $(O)/bench ratio

bench-record: $(BUILD)/bench/table.md
	$(Q)sed -i -e '/^<!-- make bench -->$$/,/^<!-- end -->$$/{//!d}' \
	  -e '/^<!-- make bench -->$$/r $<' tests/bench/RESULTS.md

# Peers' programs are needed by this alone.
PEER_PACKAGES := redis-server postgresql $(BENCH_PACKAGES) nats-server mosquitto rabbitmq-server openssl e2fsprogs
peer-packages: ; $(call install_packages,$(PEER_PACKAGES))

bench-peers: run-packages
	$(Q)tests/bench/peers/quietly $(MAKE) -s --no-print-directory peer-packages
	$(Q)$(MAKE) -s --no-print-directory all $(O)/bench-peers $(O)/clock.so
	$(Q)mkdir -p $(BUILD)/bench
	$(Q)BIN=$(abspath $(O)) $(O)/bench-peers $(BUILD)/bench $(if $(FULL),full,short) W=$(W) PEERS=$(PEERS)

bench-budget: $(O)/budget
	$(Q)tests/bench/budget/stages $(O)/budget

.PHONY: bench bench-check bench-ratio bench-record bench-peers bench-budget bench-packages peer-packages
