/* Between follow.c, which says, and follow_hear.c, which hears. */
#ifndef AGENTS_LIBMAAT_FOLLOW_INSIDE_H
#define AGENTS_LIBMAAT_FOLLOW_INSIDE_H

#include "agents/libmaat/follow.h"

/* From the last `upto`; later and later where that comes to nothing. */
void follow_subscribe_anew(struct follow *f, int64_t now, const char *why);

#endif
