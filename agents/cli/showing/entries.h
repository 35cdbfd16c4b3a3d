/* Entries of the journal as lines for people:

       17  2016-04-03 10:15  police/crm  da-2016/1.1: status in-progress, on 2016-04-03 */
#ifndef AGENTS_CLI_SHOWING_ENTRIES_H
#define AGENTS_CLI_SHOWING_ENTRIES_H

#include "schema/entry.h"

/* What the line of an entry begins with: number, time and client; in the arena. */
struct text entry_heading(struct arena *arena, const struct entry *entry);

/* The entry, and the submission in it as an object of its own, as members of an
   object: "entry":{...},"body":{...}; in the arena. */
struct text entry_members(struct arena *arena, const struct entry *entry);

/* The line of an entry that says `said`, and `more` after it. */
void entry_print_line(const struct entry *entry, struct text said, const char *more);

/* The same as CSV (RFC 4180), with the headings first. */
void entry_print_headings(void);
void entry_print_cells(const struct entry *entry);

/* On stdout; as an object, body and all, where `json` is wanted. */
void entry_print(const struct entry *entry, bool json);

#endif
