#include "agents/cli/given_text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "schema/records.h"

/* Ends of lines count before they are left out: some more than a letter may have. */
enum { READ_MOST = 2 * LETTER_MAX };

static bool
read_all(FILE *from, const char *option, char *to, size_t *len, struct fault *fault)
{
    *len = fread(to, 1, READ_MOST, from);
    if (ferror(from))
        return fault_set(fault, FAULT_NOT_FOUND, option, "can't be read: %s", strerror(errno));
    if (*len == READ_MOST)
        return fault_set(fault, FAULT_FIELD_INVALID, option, "is far too long");
    return true;
}

static bool
read_input(const char *option, char *to, size_t *len, struct fault *fault)
{
    if (feof(stdin))
        return fault_set(fault, FAULT_FIELD_INVALID, option,
                         "standard input was read by another option");
    return read_all(stdin, option, to, len, fault);
}

static bool
read_file(const char *option, struct text path, char *to, size_t *len, struct fault *fault)
{
    char name[4096];

    if (path.len >= sizeof name)
        return fault_set(fault, FAULT_FIELD_INVALID, option, "the file's name is too long");
    (void)snprintf(name, sizeof name, "%.*s", (int)path.len, path.at);
    FILE *f = fopen(name, "re");
    if (!f)
        return fault_set(fault, FAULT_NOT_FOUND, option, "the file %.150s: %s", name,
                         strerror(errno));
    bool ok = read_all(f, option, to, len, fault);
    (void)fclose(f);
    return ok;
}

/* Without what Windows adds; in place. Its length. */
static size_t
without_returns(char *text, size_t len)
{
    static const char mark[] = "\xef\xbb\xbf";
    size_t at = len >= 3 && memcmp(text, mark, 3) == 0 ? 3 : 0;
    size_t to = 0;

    for (; at < len; at++)
        if (text[at] != '\r' || at + 1 == len || text[at + 1] != '\n')
            text[to++] = text[at];
    return to;
}

static bool
is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct text
trimmed(struct text t)
{
    while (t.len && is_space(t.at[t.len - 1]))
        t.len--;
    while (t.len && is_space(*t.at)) {
        t.at++;
        t.len--;
    }
    return t;
}

static bool
read_elsewhere(struct arena *arena, const char *option, struct text *text, struct fault *fault)
{
    char *content = arena_take(arena, READ_MOST);
    struct text path = {text->at + 1, text->len - 1};
    size_t len = 0;

    if (path.len ? !read_file(option, path, content, &len, fault)
                 : !read_input(option, content, &len, fault))
        return false;
    *text = (struct text){content, (uint32_t)without_returns(content, len)};
    return true;
}

bool
given_text(struct arena *arena, const char *option, int64_t most, struct text *text,
           struct fault *fault)
{
    bool is_file = text->len > 1 && text->at[0] == '@' && text->at[1] != '@';

    if ((is_file || text_is(*text, "-")) && !read_elsewhere(arena, option, text, fault))
        return false;
    if (!is_file && text->len > 1 && text->at[0] == '@')
        *text = (struct text){text->at + 1, text->len - 1};
    *text = trimmed(*text);
    if (!text->len)
        return fault_set(fault, FAULT_FIELD_INVALID, option, "says nothing");
    if (text->len > most)
        return fault_set(fault, FAULT_FIELD_INVALID, option, "is longer than %" PRId64 " bytes",
                         most);
    return true;
}

bool
given_texts(struct arena *arena, const struct record *r, void *options, struct fault *fault)
{
    uint64_t present;

    memcpy(&present, options, sizeof present);
    for (unsigned i = 0; i < r->count; i++) {
        const struct field *f = &r->fields[i];
        struct text *text = (struct text *)(void *)((char *)options + f->offset);
        if (present >> i & 1 && f->type == TYPE_TEXT && f->max >= TEXT_MAX
            && !given_text(arena, f->name, f->max, text, fault))
            return false;
    }
    return true;
}
