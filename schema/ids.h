/* Ids and paths: what things are called by. */
#ifndef SCHEMA_IDS_H
#define SCHEMA_IDS_H

#include "schema/record.h"

/* 1 to 64 bytes of a-z 0-9 . _ - */
bool id_valid(struct text id);

/* Two ids with "/" between them: an action's `plan/ref`, a client's
   `agency/name`. */
bool path_valid(struct text path);

/* The two ids of a valid path; views into it. */
struct text path_first(struct text path);
struct text path_second(struct text path);

/* The id that belongs to a reference as printed: lower case, each run of other
   characters turned to "-", trimmed ("1(a)" is "1-a"). Returns its length, at
   most ID_MAX, or 0 if nothing is left or it would be longer. */
unsigned id_from_printed(struct text printed, char id[65]);

#endif
