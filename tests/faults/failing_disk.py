"""Disks that refuse while the program runs: by the kernel where it can do that, else by a layer below Python.

Nothing in the program is patched: it meets the error where a real disk would give it, in the system call.
"""

import errno
import os
import resource
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

# Loaded before the C library: opening for writing and writing below a folder fail as long as a file says so.
LAYER = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int refused(const char *path) {
    const char *folder = getenv("REFUSED_FOLDER"), *order = getenv("REFUSED_ORDER");
    if (!folder || !order || strncmp(path, folder, strlen(folder))) return 0;
    FILE *file = fopen(order, "r");
    int number = 0;
    if (file) { if (fscanf(file, "%d", &number) != 1) number = 0; fclose(file); }
    return number;
}

#define OPEN(NAME) \
int NAME(const char *path, int flags, ...) { \
    static int (*real)(const char *, int, ...); \
    if (!real) real = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, #NAME); \
    va_list more; va_start(more, flags); int mode = va_arg(more, int); va_end(more); \
    if (flags & (O_WRONLY | O_RDWR | O_CREAT)) { \
        int number = refused(path); \
        if (number) { errno = number; return -1; } \
    } \
    return real(path, flags, mode); \
}
OPEN(open)
OPEN(open64)

ssize_t write(int descriptor, const void *data, size_t size) {
    static ssize_t (*real)(int, const void *, size_t);
    if (!real) real = (ssize_t (*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length > 0) {
        path[length] = 0;
        int number = refused(path);
        if (number) { errno = number; return -1; }
    }
    return real(descriptor, data, size);
}
"""


def build_layer(folder: Path) -> Path | None:
    """The layer as a library; None where there is no compiler or no Linux."""
    compiler = shutil.which("cc")
    if compiler is None or not Path("/proc/self/fd").is_dir():
        return None
    source, library = folder / "layer.c", folder / "layer.so"
    source.write_text(LAYER)
    built = subprocess.run(
        [compiler, "-shared", "-fPIC", "-w", "-o", str(library), str(source), "-ldl"], capture_output=True
    )
    return library if built.returncode == 0 else None


def without_root_rights() -> list[str] | None:
    """What to put before a command so that modes of files count for it; None where that can't be done."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    rights = "-dac_override,-dac_read_search"
    command = [str(setpriv), f"--bounding-set={rights}", f"--inh-caps={rights}"]
    if setpriv is None or subprocess.run([*command, "true"], capture_output=True).returncode:
        return None
    return command


def limit_size(pid: int, *, refuse: bool) -> None:
    """Have the kernel refuse every file that grows (EFBIG), or let it grow again."""
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0 if refuse else hard, hard))


def close_folder(folder: Path, *, refuse: bool) -> None:
    """Take the owner's right to write away from a folder and all in it, or give it back."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_dir():
            path.chmod(0o500 if refuse else 0o700)
        else:
            path.chmod(0o400 if refuse else 0o600)


def over_quota(order: Path) -> Callable[[bool], None]:
    """What makes the layer say that the quota is used up, or lets it be silent again."""

    def switch(refuse: bool) -> None:
        if refuse:
            order.write_text(str(errno.EDQUOT))
        else:
            order.unlink()

    return switch
