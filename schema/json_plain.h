/* JSON as programs write it nearly always, read at a fifth of a whole parser's cost: objects
   of strings without escapes, whole numbers, true and false, and objects in them. What is
   not so plain, or no JSON at all, is left to jansson, which says what it is. */
#ifndef SCHEMA_JSON_PLAIN_H
#define SCHEMA_JSON_PLAIN_H

#include <jansson.h>

/* What json_loadb with JSON_REJECT_DUPLICATES would return; NULL: ask that. */
json_t *json_plain_load(const char *text, size_t len);

#endif
