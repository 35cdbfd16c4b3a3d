/* The guard against personal data: a tracker of plans needs none, and a journal
   that forgets nothing must not be given any. The agent and the broker call
   the same code for every decoded string, ids included (never for bins).

   Found are what has a form: NHS numbers, National Insurance numbers, dates of
   birth that are called so, UK phone numbers, e-mail addresses. Names have
   none and can't be found: a person who is told "nothing was found" must be
   told that too.

   Found however they are typed (schema/plain.h), and in web addresses too.
   Let through are helplines (080, 03, 101, 116), ISBNs, and the board's own
   mailboxes. */
#ifndef SCHEMA_GUARD_H
#define SCHEMA_GUARD_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/fault.h"

/* Of a text that is not plain ASCII; a longer one is refused as too long to be
   looked at. The limits of fields (schema/records.h) are at most this. */
enum { GUARD_TEXT = 8192 };

struct guard {
    const char *const *mailboxes; /* role mailboxes, whole addresses in any case */
    size_t count;
};

struct guard_find {
    const char *what; /* "an NHS number" */
    size_t position;  /* of its first byte in the text, from 1 */
};

/* True if the text holds nothing that looks like personal data; else false, and
   `find` says what comes first and where, never its value. */
bool guard_check_text(const struct guard *guard, const char *text, size_t len,
                      struct guard_find *find);

/* The fault of a find; returns false, as fault_set does. */
bool guard_refuse(struct fault *fault, const char *field, const struct guard_find *find);

#endif
