/* The options of a program: a record like any other, from flags and from lines
   of a configuration file. A field `review_days` is the flag `--review-days 30`
   (or `--review-days=30`) and the line `review-days = 30`; a FLAG field is
   `--no-color` alone. Lists are given by repeating. What flags say wins over
   the file. Pure: who reads the file hands over names and values.

       struct option_values v = {0};
       option_values_add(&v, OPTION_FROM_FILE, "listen", "tcp://...") ...
       options_take_args(&set, 1, argc, argv, &words, &fault)
       options_decode(arena, r, &v, &options, &fault)                         */
#ifndef SCHEMA_OPTIONS_H
#define SCHEMA_OPTIONS_H

#include "schema/arena.h"
#include "schema/fault.h"
#include "schema/record.h"

enum { OPTION_VALUES = 512, OPTION_WORDS = 512 };

enum option_source { OPTION_FROM_FILE, OPTION_FROM_FLAG };

struct option_values {
    struct {
        const char *name, *value; /* borrowed */
        enum option_source source;
    } at[OPTION_VALUES];
    unsigned count;
};

/* What is no option, in order; also all that follows `--`. */
struct option_words {
    const char *at[OPTION_WORDS];
    unsigned count;
};

/* False with a fault if there are too many. */
bool option_values_add(struct option_values *v, enum option_source source, const char *name,
                       const char *value, struct fault *fault);

/* The options that may be given, in parts: a command's own and those that all
   commands have. A part without a record has none. */
struct option_set {
    const struct record *record;
    struct option_values *values; /* what is given of it comes here */
};

/* Takes the flag at argv[*i], and its value, which may be the next word: *i is then
   at the last that was taken. */
bool options_take_flag(const struct option_set *sets, unsigned count, int argc,
                       const char *const *argv, int *i, struct fault *fault);

/* A dash alone is a word: standard input. */
bool option_is_flag(const char *word);

/* Takes the flags among argv[0] ... argv[argc - 1] (no program's name). A few have
   a letter too: -c is --config, -f --follow. An unknown flag's fault names the
   nearest known one. */
bool options_take_args(const struct option_set *sets, unsigned count, int argc,
                       const char *const *argv, struct option_words *words, struct fault *fault);

/* Decodes what was given, with the limits and faults of the table. `out` points
   into the values and the arena. */
bool options_decode(struct arena *arena, const struct record *r, const struct option_values *v,
                    void *out, struct fault *fault);

/* The lines of `--help` that tell of the record's options; returns as snprintf
   does. */
size_t options_usage(const struct record *r, char *buf, size_t cap);

/* What stands for the value of one: "NUMBER", "ID..."; "" where it has none. */
const char *option_placeholder(const struct field *f);

/* True if there is such an option, by the name that is typed; else false with a
   fault that names the nearest. For lines of a file, where each is read. */
bool option_known(const struct record *r, const char *name, struct fault *fault);

/* The same for its value, as far as that can be told without the other options. */
bool option_takes(struct arena *arena, const struct record *r, const char *name, const char *value,
                  struct fault *fault);

/* True of a list, which is given by repeating. */
bool option_repeats(const struct record *r, const char *name);

/* "review_days" as it is typed: "review-days". */
void option_name(const char *field, char name[64]);

/* Of `count` words the one nearest to what was typed, or NULL if none is near. */
const char *option_nearest(const char *typed, const char *const *words, unsigned count);

#endif
