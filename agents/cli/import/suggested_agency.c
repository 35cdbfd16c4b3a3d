#include "agents/cli/import/suggested_agency.h"

#include <stdio.h>
#include <string.h>

#include "agents/cli/printed/phrase.h"
#include "schema/ids.h"
#include "schema/records.h"

/* The first word of the name that is here tells. */
/* clang-format off */
static const struct { const char *word; enum sector sector; } sector_words[] = {
    {"police", SECTOR_POLICE},        {"constabulary", SECTOR_POLICE},
    {"nhs", SECTOR_HEALTH},           {"health", SECTOR_HEALTH},           {"hospital", SECTOR_HEALTH},
    {"hospitals", SECTOR_HEALTH},     {"ccg", SECTOR_HEALTH},              {"midwifery", SECTOR_HEALTH},
    {"camhs", SECTOR_HEALTH},         {"gps", SECTOR_HEALTH},              {"ambulance", SECTOR_HEALTH},
    {"social", SECTOR_SOCIAL_CARE},   {"csc", SECTOR_SOCIAL_CARE},
    {"school", SECTOR_EDUCATION},     {"schools", SECTOR_EDUCATION},       {"college", SECTOR_EDUCATION},
    {"colleges", SECTOR_EDUCATION},   {"education", SECTOR_EDUCATION},     {"academy", SECTOR_EDUCATION},
    {"probation", SECTOR_PROBATION},  {"crc", SECTOR_PROBATION},           {"offending", SECTOR_PROBATION},
    {"housing", SECTOR_HOUSING},      {"homes", SECTOR_HOUSING},
    {"charity", SECTOR_VOLUNTARY},    {"aid", SECTOR_VOLUNTARY},           {"refuge", SECTOR_VOLUNTARY},
    {"nspcc", SECTOR_VOLUNTARY},      {"barnardos", SECTOR_VOLUNTARY},     {"voluntary", SECTOR_VOLUNTARY},
    {"ofsted", SECTOR_OVERSIGHT},     {"cqc", SECTOR_OVERSIGHT},           {"inspectorate", SECTOR_OVERSIGHT},
    {"lscb", SECTOR_PARTNERSHIP},     {"board", SECTOR_PARTNERSHIP},       {"group", SECTOR_PARTNERSHIP},
    {"subgroup", SECTOR_PARTNERSHIP}, {"partnership", SECTOR_PARTNERSHIP}, {"committee", SECTOR_PARTNERSHIP},
    {"council", SECTOR_COUNCIL},      {"borough", SECTOR_COUNCIL},         {"licensing", SECTOR_COUNCIL},
};
/* clang-format on */

static const char *
sector_of(const struct phrase *name)
{
    for (size_t i = 0; i < name->count; i++)
        for (size_t k = 0; k < sizeof sector_words / sizeof *sector_words; k++)
            if (token_is_word(&name->tokens[i], sector_words[k].word))
                return word_text(&sectors, (int)sector_words[k].sector);
    return "SECTOR";
}

/* As long as an agency's name may be. Quoted, each "'" of it is four bytes. */
enum { NAME_MAX_LEN = TITLE_MAX, QUOTED_MAX = 4 * NAME_MAX_LEN + 3 };

/* The name on one line, each run of space a single one. */
static bool
one_line(char out[NAME_MAX_LEN + 1], struct text name)
{
    size_t len = 0;

    for (uint32_t i = 0; i < name.len; i++) {
        bool space = name.at[i] == ' ' || name.at[i] == '\n' || name.at[i] == '\t';
        if (space && (len == 0 || out[len - 1] == ' '))
            continue;
        if (len == NAME_MAX_LEN)
            return false;
        out[len] = name.at[i];
        if (space)
            out[len] = ' ';
        len++;
    }
    out[len] = '\0';
    return true;
}

/* Its words with "-" between them; apostrophes are gone by then. */
static bool
id_of(char id[ID_MAX + 1], const struct phrase *name)
{
    char words[NAME_MAX_LEN + 1];
    size_t len = 0;

    for (size_t i = 0; i < name->count; i++) {
        size_t more = strlen(name->tokens[i].text);
        if (name->tokens[i].kind == TOKEN_MARK)
            continue;
        if (len + more + 1 > sizeof words)
            return false;
        memcpy(words + len, name->tokens[i].text, more);
        len += more;
        words[len++] = '-';
    }
    return id_from_printed((struct text){words, (uint32_t)len}, id) > 0;
}

/* One word of a shell, as a person would write it. */
static void
quote(char out[QUOTED_MAX], const char *line)
{
    bool plain = !line[strcspn(line, "\"$`\\!")];
    size_t len = 0;

    out[len++] = plain ? '"' : '\'';
    for (; *line; line++) {
        const char *put = !plain && *line == '\'' ? "'\\''" : (char[]){*line, '\0'};
        memcpy(out + len, put, strlen(put));
        len += strlen(put);
    }
    out[len++] = plain ? '"' : '\'';
    out[len] = '\0';
}

bool
suggested_agency_command(char *buf, size_t cap, struct text name)
{
    char line[NAME_MAX_LEN + 1];
    char id[ID_MAX + 1];
    char quoted[QUOTED_MAX];
    struct phrase p;

    if (!one_line(line, name))
        return false;
    phrase_read(&p, line);
    quote(quoted, line);
    int len = snprintf(buf, cap, "maat agency add %s --name %s --sector %s",
                       id_of(id, &p) ? id : "ID", quoted, sector_of(&p));
    return len >= 0 && (size_t)len < cap;
}
