/* Why something was refused. A peer's mistake is data: it is returned, never
   logged with its content and never fatal. */
#ifndef SCHEMA_FAULT_H
#define SCHEMA_FAULT_H

#include <stdbool.h>

#include "schema/words.h"

enum { FAULT_FIELD = 64, FAULT_REASON = 240 };

/* `field` names a field of our own table ("evidence.title"), or is empty where
   it is about the whole. `reason` is a sentence a person can act on; it holds
   ids and numbers at most, never a text that was sent. */
struct fault {
    enum fault_code code;
    char field[FAULT_FIELD];
    char reason[FAULT_REASON];
};

/* Fills `fault` and returns false, so that a check can end with
   `return fault_set(fault, RULE, "status", "declined needs a note");`. */
bool fault_set(struct fault *fault, enum fault_code code, const char *field, const char *format,
               ...) __attribute__((format(printf, 4, 5)));

#endif
