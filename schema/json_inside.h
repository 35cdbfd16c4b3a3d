/* JSON as jansson has it, between a text and a record: for json.c, and for
   submission_line.c, which puts into an object and takes from it. */
#ifndef SCHEMA_JSON_INSIDE_H
#define SCHEMA_JSON_INSIDE_H

#include <jansson.h>

#include "schema/arena.h"
#include "schema/fault.h"
#include "schema/record.h"

/* The object that the text is; NULL with a fault. */
json_t *object_of_text(const char *text, size_t len, struct fault *fault);
bool record_of_object(struct arena *arena, const struct record *r, void *out, json_t *object,
                      struct fault *fault);

json_t *object_of_record(const struct record *r, const void *rec);

/* Uses the object up. */
struct text text_of_object(struct arena *arena, json_t *object);

#endif
