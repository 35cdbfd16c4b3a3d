#include "agents/cli/printed/lead.h"

#include <string.h>

#include "agents/cli/printed/phrase.h"

/* Words that tell of a post rather than of an organisation. */
static const char *const post_words[] = {
    "head",      "director",   "manager",       "officer",     "lead",         "leads",
    "led",       "chief",      "deputy",        "coordinator", "ordinator",    "inspector",
    "nurse",     "doctor",     "executive",     "consultant",  "named",        "designated",
    "champion",  "clerk",      "secretary",     "dci",         "practitioner", "superintendent",
    "supported", "supporting", "administrator", NULL};

/* With them, what may stand between the post and its agency: "Head of Housing"
   is of housing, "Head of Mental Health" is not of health. */
static const char *const post_links[] = {"of",          "for",       "in",           "by",
                                         "service",     "services",  "team",         "senior",
                                         "operational", "strategic", "safeguarding", NULL};

/* "All partner agencies", "each agency of the board". */
static const char *const all_first[] = {"all", "each", "every", NULL};
static const char *const all_whom[] = {
    "agency",       "agencies",      "partner",      "partners",      "member", "members",
    "organisation", "organisations", "organization", "organizations", NULL};
static const char *const all_which[] = {"of",           "board", "boards", "partnership",
                                        "safeguarding", "lscb",  "lscp",   NULL};

/* What is being read: the cell's tokens without those that say nothing. */
struct reading {
    struct printed_leads *out;
    const char *cell;
    const struct registered *registry;
    size_t count;
    struct phrase words;
};

static bool
is_one_of(const struct token *t, const char *const *words)
{
    for (; *words; words++)
        if (token_is_word(t, *words))
            return true;
    return false;
}

static bool
is_and(const struct token *t)
{
    return token_is_word(t, "and") || token_is_mark(t, '&') || token_is_mark(t, '+');
}

/* Where one agency may end and the next begin. "and" may also be within a name. */
static bool
is_separator(const struct token *t)
{
    static const char marks[] = "/,;\n()[]:|";
    return is_and(t)
           || (t->kind == TOKEN_MARK
               && ((t->mark < 128 && memchr(marks, t->mark, sizeof marks - 1))
                   || t->mark == 0x2022));
}

/* A "?" is kept: what is in doubt is no agency's name. */
static void
drop_idle(struct phrase *p)
{
    size_t kept = 0;

    for (size_t i = 0; i < p->count; i++) {
        const struct token *t = &p->tokens[i];
        bool idle = t->kind == TOKEN_MARK ? !is_separator(t) && !token_is_mark(t, '?')
                                          : token_is_word(t, "the");
        if (!idle)
            p->tokens[kept++] = *t;
    }
    p->count = kept;
}

/* --- names ---------------------------------------------------------------- */

static bool
is_same(const struct token *a, const struct token *b)
{
    if (is_and(a) && is_and(b))
        return true;
    return a->kind == b->kind && strcmp(a->text, b->text) == 0;
}

/* How many of the cell's tokens from `at` on are the whole of `name`. */
static size_t
name_length(const struct phrase *words, size_t at, const char *name)
{
    struct phrase p;

    phrase_read(&p, name);
    drop_idle(&p);
    if (p.count > words->count - at)
        return 0;
    for (size_t i = 0; i < p.count; i++)
        if (!is_same(&words->tokens[at + i], &p.tokens[i]))
            return 0;
    return p.count;
}

/* Are these letters, in capitals, the initials of the name? */
static bool
is_initials(const struct token *t, const char *name, bool small_words)
{
    static const char *const small[] = {"and", "of", "for", "in", "to", NULL};
    struct phrase p;
    const char *left = t->text;
    size_t letters = 0;

    phrase_read(&p, name);
    for (size_t i = 0; i < p.count; i++) {
        const struct token *word = &p.tokens[i];
        if (word->kind != TOKEN_WORD || token_is_word(word, "the")
            || (!small_words && is_one_of(word, small)))
            continue;
        if (*left++ != word->text[0])
            return false;
        letters++;
    }
    return !*left && letters >= 2;
}

enum { NOT_THERE = -1, MORE_THAN_ONE = -2 };

/* The agency whose whole name or id stands at `at`, and is followed by `end` or
   a separator: the longest, with its length. Initials count only where no name
   does. */
static int
agency_at(const struct reading *r, size_t at, size_t end, size_t *length)
{
    const struct phrase *words = &r->words;
    const struct token *t = &words->tokens[at];
    int found = NOT_THERE;

    *length = 0;
    for (size_t i = 0; i < r->count; i++) {
        size_t name = name_length(words, at, r->registry[i].name);
        size_t id = name_length(words, at, r->registry[i].id);
        size_t len = name > id ? name : id;
        const struct token *next = phrase_token(words, at + len);
        if (len < *length || !len
            || (at + len != end && next->kind != TOKEN_END && !is_separator(next)))
            continue;
        found = len > *length ? (int)i : MORE_THAN_ONE;
        *length = len;
    }
    if (found != NOT_THERE || t->kind != TOKEN_WORD || !t->capitals || at + 1 != end)
        return found;
    for (size_t i = 0; i < r->count; i++) {
        const char *name = r->registry[i].name;
        if (is_initials(t, name, true) || is_initials(t, name, false)) {
            found = found == NOT_THERE ? (int)i : MORE_THAN_ONE;
            *length = 1;
        }
    }
    return found;
}

/* --- what stands between two separators ----------------------------------- */

static void
add(struct reading *r, enum lead_kind kind, int agency, size_t from, size_t to)
{
    struct printed_leads *out = r->out;
    const struct token *first = &r->words.tokens[from];
    const struct token *last = &r->words.tokens[to - 1];
    struct printed_lead lead = {.kind = kind};

    lead.agency = agency < 0 ? 0 : (size_t)agency;
    lead.text.at = r->cell + first->start;
    lead.text.len = (uint32_t)(last->start + last->len - first->start);
    if (kind == LEAD_AGENCY)
        for (size_t i = 0; i < out->count; i++)
            if (out->leads[i].kind == LEAD_AGENCY && out->leads[i].agency == lead.agency)
                return;
    if (out->count == PRINTED_LEADS)
        out->cut = true;
    else
        out->leads[out->count++] = lead;
}

/* The board by its own initials: "KSCB" */
static bool
is_board(const struct token *t)
{
    size_t len = strlen(t->text);
    return t->kind == TOKEN_WORD && t->capitals && len == 4
           && (strcmp(t->text + 1, "scb") == 0 || strcmp(t->text + 1, "scp") == 0);
}

static bool
is_all(const struct phrase *words, size_t from, size_t to)
{
    const struct token *t = &words->tokens[from];
    bool whom = token_is_word(t, "all") && to == from + 1;

    if (!is_one_of(t, all_first))
        return false;
    for (size_t i = from + 1; i < to; i++) {
        t = &words->tokens[i];
        bool children = token_is_word(t, "children") || token_is_word(t, "childrens");
        whom = whom || is_one_of(t, all_whom);
        if (!is_one_of(t, all_whom) && !is_one_of(t, all_which) && !is_board(t)
            && !(children && token_is_word(t - 1, "safeguarding")))
            return false;
    }
    return whom;
}

static bool
tells_post(const struct phrase *words, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (is_one_of(&words->tokens[i], post_words))
            return true;
    return false;
}

static bool
links_post(const struct token *t)
{
    return is_one_of(t, post_words) || is_one_of(t, post_links);
}

/* "Head of Housing", "CSC Team Manager": a post, and at one end of it its
   agency. */
static void
add_post(struct reading *r, size_t from, size_t to)
{
    const struct phrase *words = &r->words;
    size_t length;

    for (size_t cut = from + 1; cut < to; cut++) {
        int agency = agency_at(r, cut, to, &length);
        if (agency >= 0 && cut + length == to && links_post(&words->tokens[cut - 1])
            && tells_post(words, from, cut)) {
            add(r, LEAD_AGENCY, agency, cut, to);
            add(r, LEAD_ASIDE, NOT_THERE, from, cut);
            return;
        }
        agency = agency_at(r, from, cut, &length);
        if (agency >= 0 && from + length == cut && links_post(&words->tokens[cut])
            && tells_post(words, cut, to)) {
            add(r, LEAD_AGENCY, agency, from, cut);
            add(r, LEAD_ASIDE, NOT_THERE, cut, to);
            return;
        }
    }
    add(r, LEAD_ASIDE, NOT_THERE, from, to);
}

/* One piece that is not an agency's name; false if it is nothing else either. */
static bool
add_piece(struct reading *r, size_t from, size_t to, bool brackets)
{
    if (is_all(&r->words, from, to))
        add(r, LEAD_ALL, NOT_THERE, from, to);
    else if (tells_post(&r->words, from, to))
        add_post(r, from, to);
    else if (brackets)
        add(r, LEAD_ASIDE, NOT_THERE, from, to);
    else
        return false;
    return true;
}

static size_t
next_separator(const struct phrase *words, size_t at)
{
    while (at < words->count && !is_separator(&words->tokens[at]))
        at++;
    return at;
}

/* What was read from `before` on is taken back: one piece of it is not known,
   so the whole is one name that is not, or a post whose title holds an "and". */
static void
add_unknown(struct reading *r, size_t before, size_t from, size_t to)
{
    enum lead_kind kind =
        tells_post(&r->words, from, next_separator(&r->words, from)) ? LEAD_ASIDE : LEAD_UNKNOWN;

    for (size_t i = before; i < r->out->count; i++)
        if (r->out->leads[i].kind != LEAD_ASIDE)
            kind = LEAD_UNKNOWN;
    r->out->count = before;
    add(r, kind, NOT_THERE, from, to);
}

/* Reads on to the next separator other than "and", and returns where it is. */
static size_t
read_stretch(struct reading *r, size_t from, bool brackets)
{
    size_t before = r->out->count;
    size_t at = from;
    size_t end = from;
    bool known = true;

    do {
        size_t length;
        end = next_separator(&r->words, at);
        int agency = agency_at(r, at, end, &length);
        if (agency != NOT_THERE) {
            end = at + length;
            add(r, agency == MORE_THAN_ONE ? LEAD_AMBIGUOUS : LEAD_AGENCY, agency, at, end);
        } else if (end > at) {
            known = add_piece(r, at, end, brackets) && known;
        }
        at = end + 1;
    } while (at < r->words.count && is_and(&r->words.tokens[end]));
    if (!known)
        add_unknown(r, before, from, end);
    return end;
}

void
printed_lead_read(struct printed_leads *out, const char *cell, const struct registered *registry,
                  size_t count)
{
    struct reading r = {.out = out, .cell = cell, .registry = registry, .count = count};
    int depth = 0;

    phrase_read(&r.words, cell);
    drop_idle(&r.words);
    out->count = 0;
    out->cut = r.words.cut;
    for (size_t at = 0; at < r.words.count;) {
        const struct token *t = &r.words.tokens[at];
        if (!is_separator(t)) {
            at = read_stretch(&r, at, depth > 0);
            continue;
        }
        depth += token_is_mark(t, '(') || token_is_mark(t, '[');
        depth -= depth > 0 && (token_is_mark(t, ')') || token_is_mark(t, ']'));
        at++;
    }
}
