#include "tests/bench/figures.h"

#include <stdlib.h>
#include <string.h>

#include "tests/t.h"

/* --- taking ------------------------------------------------------------------------ */

static bool
is_of(const struct figure *f, const struct subject *of, const char *name)
{
    return strcmp(f->name, name) == 0 && strcmp(f->by, of->by) == 0
           && strcmp(f->setting, of->setting) == 0 && strcmp(f->work, of->work) == 0;
}

static struct figure *
add_figure(struct figures *all, const struct subject *of, const char *name, const char *unit)
{
    CHECK(all->count < FIGURES);
    struct figure *f = &all->at[all->count++];
    (void)snprintf(f->work, sizeof f->work, "%s", of->work);
    (void)snprintf(f->setting, sizeof f->setting, "%s", of->setting);
    (void)snprintf(f->by, sizeof f->by, "%s", of->by);
    (void)snprintf(f->name, sizeof f->name, "%s", name);
    (void)snprintf(f->unit, sizeof f->unit, "%s", unit);
    return f;
}

void
figures_add(struct figures *all, const struct subject *of, const char *name, const char *unit,
            double value)
{
    struct figure *f = NULL;

    for (size_t i = 0; i < all->count && !f; i++)
        if (is_of(&all->at[i], of, name))
            f = &all->at[i];
    if (!f)
        f = add_figure(all, of, name, unit);
    CHECK(f->count < ROUNDS_MAX);
    f->value[f->count++] = value;
}

const struct figure *
figures_find(const struct figures *all, const struct subject *of, const char *name)
{
    for (size_t i = 0; i < all->count; i++)
        if (is_of(&all->at[i], of, name))
            return &all->at[i];
    return NULL;
}

/* --- what comes of them --------------------------------------------------------------- */

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median is the middle one, of an even number the mean of the two. */
static struct range
range_of(const double *values, size_t count)
{
    double sorted[ROUNDS_MAX];

    CHECK(count > 0);
    memcpy(sorted, values, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, compare);
    return (struct range){(sorted[(count - 1) / 2] + sorted[count / 2]) / 2, sorted[0],
                          sorted[count - 1]};
}

struct range
figure_range(const struct figure *f)
{
    return range_of(f->value, f->count);
}

static bool
is_rate(const struct figure *f)
{
    return strcmp(f->unit, "1/s") == 0;
}

/* Neither what is told of the thread in which time went, nor the few slowest of all. */
static bool
is_compared(const struct figure *f)
{
    static const char *const names[] = {FIGURE_P50, FIGURE_SERVER, FIGURE_SNAPSHOT};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(f->name, names[i]) == 0)
            return true;
    return is_rate(f);
}

static const struct figure *
ceiling_of(const struct figures *all, const struct figure *f)
{
    const struct subject ceiling = {f->work, f->setting, BY_CEILING};
    return figures_find(all, &ceiling, f->name);
}

bool
figures_ratio(const struct figures *all, const struct figure *f, struct range *ratio)
{
    const struct figure *ceiling = ceiling_of(all, f);
    double of_round[ROUNDS_MAX];
    size_t count = 0;

    if (!ceiling || ceiling == f || !is_compared(f))
        return false;
    for (size_t i = 0; i < f->count && i < ceiling->count; i++) {
        double above = is_rate(f) ? f->value[i] : ceiling->value[i];
        double below = is_rate(f) ? ceiling->value[i] : f->value[i];
        if (below > 0)
            of_round[count++] = above / below;
    }
    if (count == 0)
        return false;
    *ratio = range_of(of_round, count);
    return true;
}

/* --- telling ------------------------------------------------------------------------- */

void
figures_write_json(const struct figures *all, const char *work, const char *commit,
                   const char *machine, FILE *out)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct figure *f = &all->at[i];
        char near[96] = "\"ratio\":null";
        struct range ratio;
        if (work && strcmp(f->work, work) != 0)
            continue;
        struct range r = figure_range(f);
        if (figures_ratio(all, f, &ratio))
            (void)snprintf(near, sizeof near,
                           "\"ratio\":%.3f,\"ratio_least\":%.3f,\"ratio_most\":%.3f", ratio.median,
                           ratio.least, ratio.most);
        (void)fprintf(out,
                      "{\"work\":\"%s\",\"setting\":\"%s\",\"by\":\"%s\",\"figure\":\"%s\","
                      "\"value\":%.6g,\"least\":%.6g,\"most\":%.6g,\"rounds\":%zu,\"unit\":\"%s\","
                      "%s,\"commit\":\"%s\",\"machine\":\"%s\"}\n",
                      f->work, f->setting, f->by, f->name, r.median, r.least, r.most, f->count,
                      f->unit, near, commit, machine);
    }
}

/* 123456 as "123,456"; less than a thousand with as many places as say something. */
static void
print_value(double value, char out[FIGURE_TEXT])
{
    char digits[FIGURE_TEXT];
    size_t len = 0;

    if (value < 1000) {
        (void)snprintf(out, FIGURE_TEXT, "%.*f", value < 10 ? 2 : value < 100 ? 1 : 0, value);
        return;
    }
    int count = snprintf(digits, sizeof digits, "%.0f", value);
    for (int i = 0; i < count && len < FIGURE_TEXT - 2; i++) {
        if (i && (count - i) % 3 == 0)
            out[len++] = ',';
        out[len++] = digits[i];
    }
    out[len] = '\0';
}

static const char *const header[] = {FIGURES_HEADER};
static const int width[] = {4, 24, 24, 11, 11, 11, 12, 11, 19};
enum { COLUMNS = sizeof header / sizeof *header, TEXTS = 3, UNIT = 6 };

/* Texts to the left, numbers to the right. */
static void
write_row(const char *const cell[COLUMNS], FILE *out)
{
    for (size_t i = 0; i < COLUMNS; i++)
        (void)fprintf(out, i < TEXTS || i == UNIT ? "| %-*s " : "| %*s ", width[i], cell[i]);
    (void)fprintf(out, "|\n");
}

static void
write_header(FILE *out)
{
    write_row(header, out);
    for (size_t i = 0; i < COLUMNS; i++)
        (void)fprintf(out, "| --- ");
    (void)fprintf(out, "|\n");
}

static void
write_figure(const struct figures *all, const struct figure *f, FILE *out)
{
    const struct figure *ceiling = ceiling_of(all, f);
    struct range r = figure_range(f);
    char median[FIGURE_TEXT];
    char least[FIGURE_TEXT];
    char most[FIGURE_TEXT];
    char above[FIGURE_TEXT] = "";
    char setting[2 * FIGURE_TEXT + 2];
    char near[FIGURE_TEXT] = "";
    struct range ratio;

    bool ours = strcmp(f->by, BY_MAAT) == 0;
    (void)snprintf(setting, sizeof setting, "%s%s%s", f->setting, ours ? "" : ", ",
                   ours ? "" : f->by);
    print_value(r.median, median);
    print_value(r.least, least);
    print_value(r.most, most);
    if (ceiling)
        print_value(figure_range(ceiling).median, above);
    if (figures_ratio(all, f, &ratio))
        (void)snprintf(near, sizeof near, "%.2f (%.2f to %.2f)", ratio.median, ratio.least,
                       ratio.most);
    const char *const cell[COLUMNS] = {f->work, setting, f->name, median, least,
                                       most,    f->unit, above,   near};
    write_row(cell, out);
}

void
figures_write_table(const struct figures *all, FILE *out)
{
    const char *work = "";

    for (size_t i = 0; i < all->count; i++) {
        const struct figure *f = &all->at[i];
        if (strcmp(f->by, BY_CEILING) == 0)
            continue;
        if (strcmp(f->work, work) != 0) {
            (void)fputs(*work ? "\n" : "", out);
            write_header(out);
        }
        work = f->work;
        write_figure(all, f, out);
    }
}
