/* A record: a C struct described by a table of its fields. The table is walked
   by the codec (MessagePack), json, the options reader, the generator of test
   data and describe; nothing about a field is said anywhere else.

   Strings, bytes and lists in a record are views: they point into the frame
   that was decoded, or into the arena that was given for decoding.          */
#ifndef SCHEMA_RECORD_H
#define SCHEMA_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "schema/arena.h"
#include "schema/words.h"

enum { ID_MAX = 64, PATH_MAX_LEN = 2 * ID_MAX + 1, AGENCIES_MAX = 256, FIELD_NAME_ROOM = 24 };

struct text {
    const char *at; /* not terminated */
    uint32_t len;
};

struct bytes {
    const uint8_t *at;
    uint32_t len;
};

/* Ids, or other texts. */
struct texts {
    const struct text *at;
    uint32_t count;
};

struct numbers {
    const int64_t *at;
    uint32_t count;
};

/* Agencies: "all", or a list of ids. */
struct who {
    struct texts list; /* empty if all */
    bool all;
};

/* Every MANY member has this layout, with a type of its own. */
struct list {
    const void *at;
    uint32_t count;
};

enum field_type {
    TYPE_TEXT,    /* struct text: UTF-8, min to max bytes */
    TYPE_ID,      /* struct text: 1 to 64 of a-z 0-9 . _ - */
    TYPE_PATH,    /* struct text: two ids and "/" between them */
    TYPE_INT,     /* int64_t, min to max */
    TYPE_AMOUNT,  /* int64_t of thousandths: an integer, or a string like "12.5" */
    TYPE_FLAG,    /* bool */
    TYPE_DAY,     /* int32_t, days since 1970-01-01; "YYYY-MM-DD" when written */
    TYPE_WORD,    /* an enum of words.h */
    TYPE_SET,     /* uint32_t, bit per word; a list of different words when written */
    TYPE_BIN,     /* struct bytes, min to max; hexadecimal in JSON */
    TYPE_IDS,     /* struct texts, up to max, none twice */
    TYPE_TEXTS,   /* struct texts, up to max */
    TYPE_NUMBERS, /* struct numbers: not negative, up to max */
    TYPE_WHO,     /* struct who, up to max */
    TYPE_ONE,     /* a record within this one */
    TYPE_MANY,    /* struct list of records, up to max */
};

enum need { OPTIONAL, REQUIRED };

struct record;

struct field {
    char name[FIELD_NAME_ROOM]; /* key in MessagePack, JSON and CSV; with "-" for "_", flag and
                                   line of configuration */
    size_t name_len;
    size_t offset; /* of the member in its struct */
    enum need need;
    enum field_type type;
    int64_t min, max;               /* TEXT, BIN: bytes; INT, AMOUNT: value; lists: items */
    const struct vocabulary *words; /* WORD, SET */
    const struct record *record;    /* ONE, MANY */
    const char *doc;
};

/* The struct begins with `uint64_t present`: bit i says whether field i was
   given. `has` beside it names the same bits. */
struct record {
    const char *name;
    const char *doc;
    const struct field *fields;
    unsigned count;
    const uint64_t *required; /* bits as of `present` */
    size_t size;
    bool open; /* unknown fields are skipped when decoding, else refused by name */
};

/* NULL: it has none of that name, or `r` is NULL. */
const struct field *record_field(const struct record *r, struct text name);

/* True if both have the same bytes. */
bool text_equal(struct text a, struct text b);
bool bytes_equal(struct bytes a, struct bytes b);
bool text_is(struct text a, const char *b);
struct text text_of(const char *terminated);
bool texts_hold(struct texts list, struct text one);

/* Copies in the arena, each with a NUL after it; text_strings ends with NULL. */
struct text text_copy(struct arena *arena, struct text text);
char *text_string(struct arena *arena, struct text text);
const char **text_strings(struct arena *arena, struct texts list);

#endif
