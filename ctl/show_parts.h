/* SPDX-License-Identifier: MIT */
/* Pieces that several forms of output share. */
#ifndef KEYLINE_CTL_SHOW_PARTS_H
#define KEYLINE_CTL_SHOW_PARTS_H

#include "ctl/table.h"

/* The first object of a type, or NULL. */
const json_t *show_first(const json_t *objects, const char *type);

/* The style with the daemon's clock, if one of the objects tells it. */
struct style show_style(const json_t *objects, const struct style *style);

/* " (since 10:41, 3 min)", or nothing when since is no time. */
void show_since(const struct style *style, const char *since);

/* All batches as a table, with DONE and LEFT counted where the daemon did not. */
void show_batch_table(json_t *objects, const struct style *style);

#endif
