/* Who a program is on the wire and where its board is: one file, as an operator
   hands it to a person.

       client = "police/crm"
       curve
           public-key = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
           secret-key = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"
       broker
           server-key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7"
           signing-key = "&Ntz(h?THa9nl}E[dEI0X2=uA*SZfL(jh$*G{1<e"
           address = "tcp://board.example.org:5570"
           address = "tcp://standby.example.org:5570"

   The form is that of czmq's certificates: those can be read here too (what
   they say under `metadata` is left alone), and czmq reads these. A file with
   the public key only is what a client gives an operator to be enrolled.      */
#ifndef SCHEMA_WIRE_IDENTITY_H
#define SCHEMA_WIRE_IDENTITY_H

#include <stddef.h>

#include "schema/fault.h"
#include "schema/wire/curve.h"

enum {
    IDENTITY_CLIENT = 129, /* agency and name of 64 each, and "/" */
    IDENTITY_ADDRESS = 255,
    IDENTITY_ADDRESSES = 8,
    IDENTITY_FILE = 16 * 1024, /* more than any identity printed */
};

/* What a file says. */
enum identity_part {
    HAS_CLIENT = 1,
    HAS_PUBLIC = 2,
    HAS_SECRET = 4,
    HAS_SERVER = 8,
    HAS_ADDRESS = 16,
    HAS_ALL = 31,     /* what it takes to speak with the broker */
    HAS_SIGNING = 32, /* and to check what it signs: not in files made elsewhere */
};

struct identity {
    unsigned has; /* the parts that are there; the others are zero */
    char client[IDENTITY_CLIENT + 1];
    uint8_t public[CURVE_KEY];
    uint8_t secret[CURVE_KEY];
    uint8_t server[CURVE_KEY];  /* the board's public key */
    uint8_t signing[CURVE_KEY]; /* the public key by which it signs tree heads (Ed25519) */
    size_t address_count;
    char address[IDENTITY_ADDRESSES][IDENTITY_ADDRESS + 1];
};

/* Each returns false with a fault that names the field and says why, with the
   line where there is one; never the file's name, which the caller knows, and
   never a value. A secret key is checked against its public one. */

/* From memory; whatever parts there are. */
bool identity_read(struct identity *out, const char *text, size_t len, struct fault *fault);

/* From a file, which must have the parts `needs`. One with a secret key is
   refused if group or others may read it. */
bool identity_load(struct identity *out, const char *path, unsigned needs, struct fault *fault);

/* The text of the file into `text`; returns its length. */
size_t identity_write(const struct identity *identity, char text[IDENTITY_FILE]);

/* A new file with mode 0600, durable when this returns. Nothing that is there
   is ever overwritten. */
bool identity_save(const struct identity *identity, const char *path, struct fault *fault);

/* The same over a file that is there, whole or not at all, whose owner keeps it: for a
   broker whose address changed. */
bool identity_replace(const struct identity *identity, const char *path, struct fault *fault);

/* Leaves no secret in memory that is given back. */
void identity_wipe(struct identity *identity);

/* "tcp://host:port" (1 to 65535; an IPv6 host in brackets) or "ipc://path". */
bool identity_is_address(const char *text);

#endif
