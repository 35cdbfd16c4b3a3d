/* Where in a record we are, as it is said to a person: "cells[2].text". For
   the files that walk records. */
#ifndef SCHEMA_FIELD_PATH_H
#define SCHEMA_FIELD_PATH_H

#include <stddef.h>

#include "schema/fault.h"

struct field_path {
    char text[FAULT_FIELD];
    size_t len;
};

/* Both return where the path ended before, for field_path_leave. A path that
   would not fit is cut. */
size_t field_path_enter(struct field_path *path, const char *name);
size_t field_path_enter_item(struct field_path *path, unsigned index);
void field_path_leave(struct field_path *path, size_t before);

#endif
