/* SPDX-License-Identifier: MIT */
/* The recipes of all kinds of station; the line is a struct host. */
#ifndef KEYLINE_DAEMON_RECIPES_H
#define KEYLINE_DAEMON_RECIPES_H

#include "daemon/recipe.h"

extern const struct recipe recipe_print;
extern const struct recipe recipe_pair;
extern const struct recipe recipe_ship;
extern const struct recipe recipe_arrive;
extern const struct recipe recipe_etch;
extern const struct recipe recipe_seal;

/* Loads a job of kind setup at a printer or etcher (recipe.on_setup). */
int recipe_setup(struct station *station);

#endif
