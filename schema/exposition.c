#include "schema/exposition.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { PAGE = 128 * 1024, SECOND = 1000000, NUMBER = 32 };

void
histogram_add(struct histogram *h, int64_t value, int64_t times)
{
    unsigned i = 0;

    while (i < h->bound_count && value > h->bounds[i])
        i++;
    h->count[i] += times;
    h->sum += value * times;
}

/* --- a page -------------------------------------------------------------------------------- */

struct page {
    char *at;
    size_t len;
};

__attribute__((format(printf, 2, 3))) static void
put(struct page *p, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    p->len += (size_t)vsnprintf(p->at + p->len, PAGE - p->len, format, args);
    va_end(args);
    assert(p->len < PAGE && "a program's metrics fit on a page");
}

/* Whatever is left of nothing but zeros after the point goes, and the point. */
static void
print_seconds(int64_t microseconds, char text[NUMBER])
{
    int64_t whole = microseconds / SECOND;
    int64_t rest = microseconds % SECOND;
    size_t len =
        (size_t)snprintf(text, NUMBER, "%s%" PRId64 ".%06" PRId64, microseconds < 0 ? "-" : "",
                         whole < 0 ? -whole : whole, rest < 0 ? -rest : rest);

    while (text[len - 1] == '0')
        len--;
    if (text[len - 1] == '.')
        len--;
    text[len] = '\0';
}

static const char *
print_number(const struct metric *m, int64_t value, char text[NUMBER])
{
    if (m->unit == IN_MICROSECONDS)
        print_seconds(value, text);
    else
        (void)snprintf(text, NUMBER, "%" PRId64, value);
    return text;
}

/* As the value of a label: what could end it is escaped. */
static void
put_label(struct page *p, const char *value)
{
    for (; *value; value++) {
        if (*value == '\n')
            put(p, "\\n");
        else
            put(p, *value == '"' || *value == '\\' ? "\\%c" : "%c", *value);
    }
}

static const void *
value_of(const struct metric *m, const void *values)
{
    return (const char *)values + m->offset;
}

static void
put_info(struct page *p, const struct metric *m, const char *value)
{
    put(p, "%s{%s=\"", m->name, m->label);
    put_label(p, value);
    put(p, "\"} 1\n");
}

static void
put_numbers(struct page *p, const struct metric *m, const int64_t *value)
{
    char text[NUMBER];

    if (!m->label)
        put(p, "%s %s\n", m->name, print_number(m, *value, text));
    for (unsigned i = 0; m->label && i < m->word_count; i++)
        put(p, "%s{%s=\"%s\"} %s\n", m->name, m->label, m->words[i],
            print_number(m, value[i], text));
}

static void
put_histogram(struct page *p, const struct metric *m, const struct histogram *h)
{
    char text[NUMBER];
    int64_t so_far = 0;

    for (unsigned i = 0; i < h->bound_count; i++) {
        so_far += h->count[i];
        put(p, "%s_bucket{le=\"%s\"} %" PRId64 "\n", m->name, print_number(m, h->bounds[i], text),
            so_far);
    }
    so_far += h->count[h->bound_count];
    put(p, "%s_bucket{le=\"+Inf\"} %" PRId64 "\n", m->name, so_far);
    put(p, "%s_sum %s\n", m->name, print_number(m, h->sum, text));
    put(p, "%s_count %" PRId64 "\n", m->name, so_far);
}

const char *
metric_type_word(enum metric_type type)
{
    static const char *const words[] = {[METRIC_COUNTER] = "counter",
                                        [METRIC_GAUGE] = "gauge",
                                        [METRIC_HISTOGRAM] = "histogram",
                                        [METRIC_INFO] = "gauge"};
    return words[type];
}

static void
put_metric(struct page *p, const struct metric *m, const void *values)
{
    put(p, "# HELP %s %s\n# TYPE %s %s\n", m->name, m->help, m->name, metric_type_word(m->type));
    switch (m->type) {
    case METRIC_COUNTER:
    case METRIC_GAUGE: put_numbers(p, m, value_of(m, values)); break;
    case METRIC_HISTOGRAM: put_histogram(p, m, value_of(m, values)); break;
    case METRIC_INFO: put_info(p, m, *(const char *const *)value_of(m, values)); break;
    }
}

struct text
exposition_write(struct arena *arena, const struct metrics *metrics, const void *values)
{
    struct page page = {arena_take(arena, PAGE), 0};

    for (unsigned i = 0; i < metrics->count; i++)
        put_metric(&page, &metrics->at[i], values);
    return (struct text){page.at, (uint32_t)page.len};
}
