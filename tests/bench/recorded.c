#include "tests/bench/recorded.h"

#include <stdlib.h>
#include <string.h>

#include "tests/t.h"

static const char *const header[] = {FIGURES_HEADER};
enum { COLUMNS = sizeof header / sizeof *header, LINE = 512 };
enum column { WORK, SETTING, NAME, RATIO = COLUMNS - 1 };

/* --- reading -------------------------------------------------------------------------- */

/* Cuts "| a | b |" into its cells, without the blanks around them: how many. */
static size_t
cut_row(char *line, char *cell[COLUMNS + 1])
{
    size_t count = 0;
    char *rest = NULL;

    if (*line != '|')
        return 0;
    for (char *at = strtok_r(line + 1, "|\n", &rest); at; at = strtok_r(NULL, "|\n", &rest)) {
        at += strspn(at, " ");
        char *end = at + strlen(at);
        while (end > at && end[-1] == ' ')
            *--end = '\0';
        if (count <= COLUMNS)
            cell[count++] = at;
    }
    return count;
}

static bool
is_header(char *const cell[COLUMNS])
{
    for (size_t i = 0; i < COLUMNS; i++)
        if (strcmp(cell[i], header[i]) != 0)
            return false;
    return true;
}

static const struct recorded_ratio *
find(const struct recorded *r, const char *work, const char *setting, const char *name)
{
    for (size_t i = 0; i < r->count; i++)
        if (strcmp(r->at[i].name, name) == 0 && strcmp(r->at[i].setting, setting) == 0
            && strcmp(r->at[i].work, work) == 0)
            return &r->at[i];
    return NULL;
}

/* "0.57 (0.46 to 0.62)", or "0.57". */
static bool
read_ratio(const char *cell, struct range *out)
{
    char *end;
    double ratio = strtod(cell, &end);

    *out = (struct range){ratio, ratio, ratio};
    if (end == cell || !*end)
        return end != cell;
    if (strncmp(end, " (", 2) != 0)
        return false;
    out->least = strtod(end + 2, &end);
    if (strncmp(end, " to ", 4) != 0)
        return false;
    out->most = strtod(end + 4, &end);
    return strcmp(end, ")") == 0;
}

static void
take_row(struct recorded *r, char *const cell[COLUMNS])
{
    struct range ratio;

    if (!read_ratio(cell[RATIO], &ratio) || find(r, cell[WORK], cell[SETTING], cell[NAME]))
        return;
    CHECK(r->count < FIGURES);
    struct recorded_ratio *taken = &r->at[r->count++];
    (void)snprintf(taken->work, sizeof taken->work, "%s", cell[WORK]);
    (void)snprintf(taken->setting, sizeof taken->setting, "%s", cell[SETTING]);
    (void)snprintf(taken->name, sizeof taken->name, "%s", cell[NAME]);
    taken->ratio = ratio;
}

void
recorded_read(FILE *in, struct recorded *out)
{
    char line[LINE];
    bool within = false; /* a table of figures */

    out->count = 0;
    while (fgets(line, sizeof line, in)) {
        char *cell[COLUMNS + 1];
        if (cut_row(line, cell) != COLUMNS)
            within = false;
        else if (is_header(cell))
            within = true;
        else if (within)
            take_row(out, cell);
    }
}

/* --- comparing ------------------------------------------------------------------------ */

enum verdict { KEPT, UNSURE, FELL };

static enum verdict
judge_ratio(const struct range *now, const struct range *before)
{
    if (now->median >= before->median * (1 - RECORDED_FALL))
        return KEPT;
    return now->most < before->least ? FELL : UNSURE;
}

static void
tell(enum verdict verdict, const struct figure *f, const struct range *now,
     const struct range *before, FILE *out)
{
    static const char *const words[] = {"ok", "unsure", "FELL"};

    (void)fprintf(out,
                  "%-6s %s %s, %s: %.2f of the ceiling (%.2f to %.2f), recorded %.2f (%.2f to "
                  "%.2f)\n",
                  words[verdict], f->work, f->setting, f->name, now->median, now->least, now->most,
                  before->median, before->least, before->most);
}

struct comparison
recorded_compare(const struct recorded *r, const struct figures *all, FILE *out)
{
    struct comparison c = {0};

    for (size_t i = 0; i < all->count; i++) {
        const struct figure *f = &all->at[i];
        struct range now;
        const struct recorded_ratio *before =
            strcmp(f->by, BY_MAAT) == 0 ? find(r, f->work, f->setting, f->name) : NULL;
        if (!before || !figures_ratio(all, f, &now))
            continue;
        enum verdict verdict = judge_ratio(&now, &before->ratio);
        c.compared++;
        c.fallen += verdict == FELL;
        c.unsure += verdict == UNSURE;
        tell(verdict, f, &now, &before->ratio, out);
    }
    return c;
}
