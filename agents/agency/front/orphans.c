#include "agents/agency/front/orphans.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "agents/agency/events.h"
#include "agents/agency/spool/names.h"

/* Of what was being written: how many are whole, for their file is split. */
static size_t
clear_drafts(const struct spool_folder *spool, int folder)
{
    struct spool_names drafts = {0};
    char name[SPOOL_DRAFT];
    size_t whole = 0;

    (void)spool_names_list_drafts(folder, &drafts);
    for (size_t i = 0; i < drafts.count; i++) {
        if (faccessat(spool->at[SPOOL_TAKING], drafts.at[i].name, F_OK, 0) == 0)
            (void)unlinkat(folder, spool_names_draft(drafts.at[i].name, name), 0);
        else
            whole++;
    }
    spool_names_free(&drafts);
    return whole;
}

static size_t
count_waiting(const struct spool_folder *spool, int folder)
{
    const struct spool_folder own = {.at = {[SPOOL_WAITS] = folder}, .stamped = true};
    struct spool_names names = {0};

    (void)spool_names_list(&own, SPOOL_WAITS, &names, NULL, NULL);
    size_t count = names.count + clear_drafts(spool, folder);
    spool_names_free(&names);
    return count;
}

static void
look_into(const struct spool_folder *spool, const char *name)
{
    struct log_line line = agent_event(AGENT_SPOOL_BOARD_LEFT);
    struct why why;
    int folder = spool_folder_own(spool, name, 0750, &why);
    size_t count = folder < 0 ? 0 : count_waiting(spool, folder);

    if (folder >= 0)
        (void)close(folder);
    if (count == 0)
        return;
    log_word(&line, "board", name);
    log_number(&line, "files", (int64_t)count);
    log_write(&line);
}

static bool
is_named(const struct front_boards *boards, const char *name)
{
    for (unsigned i = 0; i < boards->count; i++)
        if (strcmp(boards->at[i].board->name, name) == 0)
            return true;
    return strcmp(name, "taking") == 0 || strcmp(name, "taken") == 0;
}

void
front_orphans_tell(const struct spool_folder *spool, const struct front_boards *boards)
{
    struct spool_names folders = {0};

    (void)spool_names_list_own(spool, &folders);
    for (size_t i = 0; i < folders.count; i++)
        if (!is_named(boards, folders.at[i].name))
            look_into(spool, folders.at[i].name);
    spool_names_free(&folders);
}
