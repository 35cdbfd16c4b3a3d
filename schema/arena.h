/* Memory for one piece of work, given back all at once: what decoding an
   update, or reading a few rows, needs beside the frame itself. No allocation
   per update once the arena has grown to its usual size.

       arena_new -> (work, arena_reset) ... -> arena_destroy                  */
#ifndef SCHEMA_ARENA_H
#define SCHEMA_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct arena;

struct arena *arena_new(void);
void arena_destroy(struct arena **a);

/* Ends the life of everything taken since the last reset. */
void arena_reset(struct arena *a);

/* Tells what was taken since one reset from what was since another, or in another
   arena; never 0. */
uint64_t arena_work(const struct arena *a);

/* `size` bytes, aligned for any type, alive until arena_reset. Never NULL: where
   memory ends the program ends, as czmq's do. */
void *arena_take(struct arena *a, size_t size);
void *arena_copy(struct arena *a, const void *from, size_t size);

/* The bytes and a NUL after them. */
char *arena_string(struct arena *a, const char *at, size_t len);

#endif
