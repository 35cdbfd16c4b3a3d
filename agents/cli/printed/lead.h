/* Who carries out an action, as a published plan prints it:

       Police / Children's Social Care       two agencies
       Health and Social Care Trust, CSC     two, one by its initials
       All agencies                          all
       Head of Service, Housing (lead)       one; the rest is kept as printed

   Held against the agencies that the board has. Nothing is matched in part: if
   "Police and Crime Commissioner" is not an agency, it is not the police.    */
#ifndef AGENTS_CLI_PRINTED_LEAD_H
#define AGENTS_CLI_PRINTED_LEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "schema/record.h"

enum { PRINTED_LEADS = 256 };

struct registered {
    const char *id, *name; /* "childrens-social-care", "Children's Social Care" */
};

enum lead_kind {
    LEAD_AGENCY,    /* the registry's agency */
    LEAD_ALL,       /* all agencies */
    LEAD_ASIDE,     /* a post, or words in brackets: names no agency */
    LEAD_UNKNOWN,   /* not in the registry: to be added, or the cell mended */
    LEAD_AMBIGUOUS, /* initials, or a name, of more than one agency */
};

struct printed_lead {
    enum lead_kind kind;
    size_t agency;    /* if LEAD_AGENCY: its place in the registry */
    struct text text; /* as printed; a view into the cell */
};

/* An agency that is printed twice is there once. */
struct printed_leads {
    struct printed_lead leads[PRINTED_LEADS];
    size_t count;
    bool cut; /* the cell is longer than can be read: the rest is not in it */
};

/* Names are known in full, by their id, or by their initials in capitals, with
   or without those of small words: "HSCT" and "HASCT" are the "Health and Social
   Care Trust". "And" and "&" are the same. */
void printed_lead_read(struct printed_leads *out, const char *cell,
                       const struct registered *registry, size_t count);

#endif
