/* Reads ZPL (ZeroMQ RFC 4), the form of our configuration and key files, from
   memory, one item after the other:

       curve                             path "curve",            value ""
           public-key = "x7e:..."        path "curve/public-key", value "x7e:..."

       struct zpl zpl = zpl_begin(text, len);
       while ((rc = zpl_next(&zpl, &item, &fault)) > 0) ...

   czmq's own zconfig reads the same files, but it forgets which line an item
   came from, prints faults to stdout together with the rest of the line, which
   may be a secret key, and reads past the end of a text with a long line.    */
#ifndef SCHEMA_WIRE_ZPL_H
#define SCHEMA_WIRE_ZPL_H

#include <stddef.h>

#include "schema/fault.h"

enum { ZPL_LINE = 1000, ZPL_DEPTH = 4, ZPL_PATH = 60 };

struct zpl_item {
    int line;
    char path[ZPL_PATH + 1];
    char value[ZPL_LINE + 1]; /* empty where the line has none; wipe it after a secret */
};

struct zpl {
    const char *at;
    size_t left;
    int line;
    int depth;                  /* of the item that came last */
    size_t path_len[ZPL_DEPTH]; /* where each level's name ends in `path` */
    char path[ZPL_PATH + 1];
};

/* `text` needs no NUL at its end; it is read until zpl_next returns 0 or -1. */
struct zpl zpl_begin(const char *text, size_t len);

/* 1: an item. 0: the end. -1: not ZPL; `fault` says which line and why. A line
   may be ZPL_LINE bytes long, a path ZPL_PATH and ZPL_DEPTH deep. */
int zpl_next(struct zpl *zpl, struct zpl_item *item, struct fault *fault);

#endif
