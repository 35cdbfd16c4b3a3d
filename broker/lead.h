/* Mending the loss of the only lead: on the host, and on the record. */
#ifndef BROKER_LEAD_H
#define BROKER_LEAD_H

#include "schema/record.h"
#include "schema/why.h"

/* Makes a new key for the client `id` (enrolled as a lead if it is not there),
   into the new file `path`; the broker must not run. 0, or a negative error. */
int broker_lead(const char *dir, const char *path, struct text id, struct why *why);

#endif
