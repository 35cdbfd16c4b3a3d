/* The caller's end of the agent's UNIX socket. What is said there: schema/local.h. */
#ifndef AGENTS_LIBMAAT_LOCAL_H
#define AGENTS_LIBMAAT_LOCAL_H

#include "schema/local.h"

struct local;

/* Connects to the socket: 0, or -errno with a sentence in `why`. */
enum { LOCAL_WHY = 300 };
int local_open(struct local **out, const char *path, char why[LOCAL_WHY]);
void local_close(struct local **l);

/* From now on local_hear waits this long at most, and then is -EAGAIN; else for ever. */
void local_patience(struct local *l, int ms);

/* Says a line (without its end), and waits for the next answer; one may be said
   before the last is heard. 0 or -errno: -ECONNRESET where the agent went away. An
   answer's texts live in the arena. */
int local_say(struct local *l, struct text line);
int local_hear(struct local *l, struct arena *arena, struct answer *out);

/* The answer as it was said, until the next is heard. */
int local_hear_line(struct local *l, struct text *line);

#endif
