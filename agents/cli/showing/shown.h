/* An action whole, as a page for a person: what it is, how it is rated and why, what
   each agency says of its part. */
#ifndef AGENTS_CLI_SHOWING_SHOWN_H
#define AGENTS_CLI_SHOWING_SHOWN_H

#include "schema/messages.h"

/* On stdout; rated on `day`. */
void shown_print(const struct shown *shown, int32_t day);

#endif
