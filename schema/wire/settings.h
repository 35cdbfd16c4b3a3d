/* A program's configuration file: lines of ZPL, each the name of an option of the
   program's record (schema/options.h).

       # where callers of this host come in
       socket = "/run/maat/agent.sock"
       broker = "tcp://board.example.org:5570"
       broker = "tcp://standby.example.org:5570"                              */
#ifndef SCHEMA_WIRE_SETTINGS_H
#define SCHEMA_WIRE_SETTINGS_H

#include "schema/options.h"

/* Groups of lines, each with a name of its own, under one word of the file:

       boards
           north
               key = "/etc/maat/north.zpl"
           south
               key = "/etc/maat/south.zpl"                                     */
enum { SETTINGS_GROUPS = 8 };
struct settings_groups {
    const char *word;            /* "boards" */
    const struct record *record; /* what may be said in one */
    unsigned count;
    struct settings_group {
        const char *name; /* an id, up to 24 bytes */
        struct option_values values;
    } at[SETTINGS_GROUPS];
};

/* Adds the file's lines to the values, from OPTION_FROM_FILE; they live in the
   arena. False with a fault about the whole that names the file, the line and what is
   wrong with its name (with the nearest known one) or its value, or that one
   which is no list is said twice. */
bool settings_read(struct arena *arena, const char *path, const struct record *r,
                   struct option_values *values, struct fault *fault);

/* The same for a file that may have groups too: they are added in the file's order, and
   live in the arena. */
bool settings_read_groups(struct arena *arena, const char *path, const struct record *r,
                          struct option_values *values, struct settings_groups *groups,
                          struct fault *fault);

#endif
