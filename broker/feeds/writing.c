#include "broker/feeds/writing.h"

void
writing_begin(struct writing *w, const struct view *view, struct span *span, struct sheet *sheet)
{
    *w = (struct writing){.view = view, .span = span, .sheet = sheet, .end = span->count};
}

/* The rows that an entry touches: one, or those of which a new day tells. */
static uint32_t
row_count(const struct happening *h)
{
    return h->rated_count ? h->rated_count : h->row != SPAN_NO_ROW;
}

static uint32_t
row_at(const struct happening *h, uint32_t i)
{
    return (uint32_t)(h->rated_count ? h->rated_rows[i] : h->row);
}

/* A row that a later entry changes comes with that one; one that the filter does not
   let through may have been let through before its action was changed. 1, 0 where the
   sheet is full, or negative. */
static int
put_row(struct writing *w, uint32_t at, bool changed)
{
    struct span_row *row = &w->span->rows[at];

    if (row->page == w->span->pages)
        return 1;
    int rc = span_look_up(w->span, at);
    if (rc < 0)
        return rc;
    row = &w->span->rows[at];
    if (!rc || row->action.listed.changed > w->span->last)
        return 1;
    bool fits;
    if (view_takes_action(w->view, &row->action.picture))
        fits = sheet_add(w->sheet, SHEET_ACTIONS, row->encoded);
    else if (changed)
        fits = sheet_add_gone(w->sheet, row->id);
    else
        return 1; /* a later entry of the page may have changed it */
    if (fits)
        row->page = w->span->pages;
    return fits;
}

/* Those that are already on the page stay there where the rest does not fit. */
static int
put_rows(struct writing *w, const struct happening *h)
{
    int rc = 1;

    if (!view_wants_rows(w->view))
        return 1;
    for (; rc == 1 && w->row < row_count(h); w->row += rc == 1)
        rc = put_row(w, row_at(h, w->row), h->kind == KIND_ACTION);
    return rc;
}

/* Whether anything of it is told: an action that the filter does not let through is
   gone for who wants rows, where it may have been let through before. */
static int
put_entry(struct writing *w, const struct happening *h)
{
    int takes = view_takes_entry(w->view, w->span, h);
    bool leaves = !takes && h->accepted && h->kind == KIND_ACTION && h->plan.len
                  && view_sees_plan(w->view, h->plan);

    if (takes < 0 || (!takes && !leaves))
        return takes < 0 ? takes : 1;
    int rc = put_rows(w, h);
    if (rc == 1 && takes && view_wants_entries(w->view))
        rc = sheet_add(w->sheet, SHEET_ENTRIES, h->bytes);
    return rc;
}

int64_t
writing_complete_to(const struct writing *w)
{
    const struct span *s = w->span;

    if (w->next == s->count)
        return s->last;
    return s->entries[w->next].number - 1;
}

int
writing_next(struct writing *w, int64_t most, struct page **out, bool *short_of)
{
    int rc = 1;

    w->span->pages++;
    *short_of = false;
    sheet_clear(w->sheet, most);
    for (; w->next < w->end; w->next++, w->row = 0)
        if ((rc = put_entry(w, &w->span->entries[w->next])) != 1)
            break;
    if (rc < 0)
        return rc;
    if (sheet_is_empty(w->sheet)) {
        *short_of = rc == 0;
        return 0;
    }
    *out = sheet_event(w->sheet, w->span->ledger->number, w->span->day, writing_complete_to(w));
    return 1;
}
