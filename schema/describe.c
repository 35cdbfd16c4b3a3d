/* Prints schema/FIELDS.md; `make docs` keeps it. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "schema/fields.h"

int
main(void)
{
    size_t len = fields_document(NULL, 0);
    char *document = malloc(len + 1);

    if (!document)
        return EXIT_FAILURE;
    fields_document(document, len + 1);
    bool written = fwrite(document, 1, len, stdout) == len && fflush(stdout) == 0;
    free(document);
    return written ? EXIT_SUCCESS : EXIT_FAILURE;
}
