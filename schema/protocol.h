/* schema/PROTOCOL.md is written by hand, but for its tables. These stand between

       <!-- table: message HELLO -->
       <!-- end of table -->

   and are printed from what the codec walks. What can be named there:

       messages        all of them, a line each
       message WORD    the fields of one
       words NAME      one vocabulary
       words           those that are not named elsewhere in the document
       bodies          the body of each kind of submission
       records         what messages and bodies hold
       limits          the constants                                           */
#ifndef SCHEMA_PROTOCOL_H
#define SCHEMA_PROTOCOL_H

#include <stddef.h>

/* Writes the document `text` with its tables printed anew; returns as snprintf does.
   Where a marker names nothing, or has no end, 0; `wrong` then points at it in `text`. */
size_t protocol_document(const char *text, char *buf, size_t cap, const char **wrong);

#endif
