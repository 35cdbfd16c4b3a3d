/* Bytes for a socket that it has not taken yet. Zero is an empty one. */
#ifndef AGENTS_FILES_OUTGOING_H
#define AGENTS_FILES_OUTGOING_H

#include <stddef.h>

struct outgoing {
    char *at; /* owned */
    size_t from, len, cap;
};

void outgoing_put(struct outgoing *o, const char *bytes, size_t len);

/* Sends what the socket takes without waiting. 0, or -errno: nobody hears any more. */
int outgoing_flush(struct outgoing *o, int fd);

/* So many bytes are left. */
size_t outgoing_left(const struct outgoing *o);

void outgoing_clear(struct outgoing *o);
void outgoing_free(struct outgoing *o);

#endif
