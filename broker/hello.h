/* HELLO: a session is opened, or told why not. */
#ifndef BROKER_HELLO_H
#define BROKER_HELLO_H

#include "broker/service.h"

/* The session's author is known. 0, or a negative error. */
int hello_take(struct service *v, struct session *s, const struct hello *hello, struct moment now);

#endif
