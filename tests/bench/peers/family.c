#include "tests/bench/peers/family.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/t.h"

enum { PROCESSES = 4096 };

struct process {
    pid_t id, parent;
    double ticks; /* with those of its children that have ended */
    bool ours;
};

/* From the 4th field on; the second, the name, may hold anything but ends with the last
   parenthesis. */
static bool
read_process(pid_t id, struct process *p)
{
    char path[64];
    char text[1024];
    double user;
    double kernel;
    double users;
    double kernels;

    (void)snprintf(path, sizeof path, "/proc/%d/stat", (int)id);
    FILE *f = fopen(path, "r");
    if (!f)
        return false;
    text[fread(text, 1, sizeof text - 1, f)] = '\0';
    (void)fclose(f);
    const char *at = strrchr(text, ')');
    *p = (struct process){.id = id};
    if (!at
        || sscanf(at, ") %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lf %lf %lf %lf", &p->parent,
                  &user, &kernel, &users, &kernels)
               != 5)
        return false;
    p->ticks = user + kernel + users + kernels;
    return true;
}

static size_t
list_processes(struct process *list, size_t room)
{
    DIR *proc = opendir("/proc");
    const struct dirent *e;
    size_t count = 0;

    CHECK(proc != NULL);
    while ((e = readdir(proc)) && count < room) {
        pid_t id = (pid_t)strtol(e->d_name, NULL, 10);
        if (id > 0 && read_process(id, &list[count]))
            count++;
    }
    (void)closedir(proc);
    return count;
}

/* Marks it and, again and again, those whose parent is marked. */
static void
mark_family(struct process *list, size_t count, pid_t id)
{
    bool more = true;

    for (size_t i = 0; i < count; i++)
        list[i].ours = list[i].id == id;
    while (more) {
        more = false;
        for (size_t i = 0; i < count; i++)
            for (size_t k = 0; k < count && !list[i].ours; k++)
                if (list[k].ours && list[k].id == list[i].parent)
                    more = list[i].ours = true;
    }
}

size_t
family_list(pid_t id, pid_t ids[FAMILY])
{
    static struct process list[PROCESSES];
    size_t count = list_processes(list, PROCESSES);
    size_t members = 0;

    mark_family(list, count, id);
    for (size_t i = 0; i < count && members < FAMILY; i++)
        if (list[i].ours)
            ids[members++] = list[i].id;
    return members;
}

double
family_cpu(pid_t id)
{
    static struct process list[PROCESSES];
    size_t count = list_processes(list, PROCESSES);
    double ticks = 0;

    mark_family(list, count, id);
    for (size_t i = 0; i < count; i++)
        ticks += list[i].ours ? list[i].ticks : 0;
    return ticks * 1e6 / (double)sysconf(_SC_CLK_TCK);
}
