/* All that a board's directory promises, checked: DESIGN, "Invariants". */
#ifndef BROKER_COMMANDS_VERIFY_H
#define BROKER_COMMANDS_VERIFY_H

#include "broker/options.h"
#include "schema/why.h"

/* Prints counts and the tree head on stdout, and progress on a terminal. 0: all
   holds; 1: something does not, and `why` says what, by number; negative: it
   can't be read. */
int broker_verify(const char *dir, const struct verify_option *options, struct why *why);

#endif
