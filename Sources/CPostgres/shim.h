#pragma once
#include <libpq-fe.h>
#include <spawn.h>

// glibc has these (2.34 and newer), but its headers show them only with _GNU_SOURCE, which
// Swift's module of the C library is built without.
int posix_spawn_file_actions_addchdir_np(
    posix_spawn_file_actions_t *restrict actions, const char *restrict path);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
static const short kSpawnSetSession = 0x80;  // POSIX_SPAWN_SETSID
