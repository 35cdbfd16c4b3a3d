#include "tests/bench/figures.h"

#include <stdlib.h>
#include <unistd.h>

#include "tests/t.h"

static struct figure *
find(struct figures *all, const char *name)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->at[i].name, name) == 0)
            return &all->at[i];
    CHECK(all->count < FIGURES);
    struct figure *f = &all->at[all->count++];
    (void)snprintf(f->name, sizeof f->name, "%s", name);
    return f;
}

void
figures_add(struct figures *all, const char *subject, const char *what, const char *unit,
            double value)
{
    char name[FIGURE_NAME];

    (void)snprintf(name, sizeof name, "%s %s", subject, what);
    struct figure *f = find(all, name);
    CHECK(f->count < ROUNDS_MAX);
    f->unit = unit;
    f->value[f->count++] = value;
}

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The middle one of `sorted`, of an even number the mean of the two. */
static double
median(const double *sorted, size_t count)
{
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

double
figures_median(const struct figures *all, const char *subject, const char *what)
{
    char name[FIGURE_NAME];

    (void)snprintf(name, sizeof name, "%s %s", subject, what);
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->at[i].name, name) == 0) {
            struct figure f = all->at[i];
            qsort(f.value, f.count, sizeof *f.value, compare);
            return median(f.value, f.count);
        }
    FAIL_WITH("%s was not measured", name);
}

static int
places_of(double value)
{
    return value < 10 ? 2 : value < 1000 ? 1 : 0;
}

void
figures_print(const struct figures *all)
{
    printf("\n%-34s %12s %12s %12s  %s\n", "", "median", "least", "most", "unit");
    for (size_t i = 0; i < all->count; i++) {
        struct figure f = all->at[i];
        qsort(f.value, f.count, sizeof *f.value, compare);
        int places = places_of(median(f.value, f.count));
        printf("%-34s %12.*f %12.*f %12.*f  %s\n", f.name, places, median(f.value, f.count), places,
               f.value[0], places, f.value[f.count - 1], f.unit);
    }
    printf("\n");
    for (size_t i = 0; i < all->count; i++) {
        struct figure f = all->at[i];
        qsort(f.value, f.count, sizeof *f.value, compare);
        printf("{\"figure\":\"%s\",\"unit\":\"%s\",\"median\":%.3f,\"least\":%.3f,\"most\":%.3f,"
               "\"rounds\":%zu}\n",
               f.name, f.unit, median(f.value, f.count), f.value[0], f.value[f.count - 1], f.count);
    }
    printf("\n");
}

/* --- of processes ------------------------------------------------------------------ */

static void
read_proc(pid_t id, const char *file, char *text, size_t size)
{
    char path[64];

    (void)snprintf(path, sizeof path, "/proc/%d/%s", (int)id, file);
    FILE *f = fopen(path, "r");
    CHECK(f != NULL);
    text[fread(text, 1, size - 1, f)] = '\0';
    (void)fclose(f);
}

/* The 14th and 15th fields; the second, the name, may hold anything but ends with
   the last parenthesis. */
double
process_cpu(pid_t id)
{
    enum { BEFORE_TIMES = 11 };
    char text[1024];
    double user;
    double kernel;

    read_proc(id, "stat", text, sizeof text);
    const char *at = strrchr(text, ')');
    CHECK(at != NULL);
    for (int i = 0; i <= BEFORE_TIMES && at; i++)
        at = strchr(at + 1, ' ');
    CHECK(at != NULL);
    CHECK_INT(2, sscanf(at, "%lf %lf", &user, &kernel));
    return (user + kernel) * 1e6 / (double)sysconf(_SC_CLK_TCK);
}

double
process_memory(pid_t id)
{
    char text[4096];
    double kib;

    read_proc(id, "status", text, sizeof text);
    const char *at = strstr(text, "RssAnon:");
    CHECK(at != NULL);
    CHECK_INT(1, sscanf(at, "RssAnon: %lf", &kib));
    return kib / 1024;
}
