/* schema/FIELDS.md: every record, message, table of the state and word, for
   whoever writes a client. Printed from the tables that the codec walks. */
#ifndef SCHEMA_FIELDS_H
#define SCHEMA_FIELDS_H

#include <stddef.h>

/* Writes the document, in Markdown; returns as snprintf does. */
size_t fields_document(char *buf, size_t cap);

#endif
