/* The root of a tree head, as WELCOME shows one: what a client keeps, so that a
   journal that does not continue the one it knew is noticed. Nothing of it is
   proven here. */
#ifndef AGENTS_LIBMAAT_HEAD_H
#define AGENTS_LIBMAAT_HEAD_H

#include <stdbool.h>
#include <stdint.h>

#include "schema/record.h"

enum { HEAD_ROOT = 32 };

/* The third line of a C2SP checkpoint. False if that is not 32 bytes in base64. */
bool head_root(struct text note, uint8_t root[HEAD_ROOT]);

#endif
