/* A program's configuration file: lines of ZPL, each the name of an option of the
   program's record (schema/options.h).

       # where callers of this host come in
       socket = "/run/maat/agent.sock"
       broker = "tcp://board.example.org:5570"
       broker = "tcp://standby.example.org:5570"                              */
#ifndef SCHEMA_WIRE_SETTINGS_H
#define SCHEMA_WIRE_SETTINGS_H

#include "schema/options.h"

/* Adds the file's lines to the values, from OPTION_FROM_FILE; they live in the
   arena. False with a fault about the whole that names the file, the line and,
   for an unknown name, the nearest known one. */
bool settings_read(struct arena *arena, const char *path, const struct record *r,
                   struct option_values *values, struct fault *fault);

#endif
