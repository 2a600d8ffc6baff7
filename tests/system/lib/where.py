# SPDX-License-Identifier: MIT
"""Where the sources and the build are: as make check says, else by this file's place and the folder one stands in."""
import os
import pathlib


def build_near(source):
    here = pathlib.Path.cwd()
    return here if (here / "config.status").exists() else source / "build"


SRC = pathlib.Path(os.environ.get("srcdir") or pathlib.Path(__file__).parents[3]).resolve()
BUILD = pathlib.Path(os.environ.get("builddir") or build_near(SRC)).resolve()
os.environ["srcdir"], os.environ["builddir"] = str(SRC), str(BUILD)
