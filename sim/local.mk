# SPDX-License-Identifier: MIT
noinst_LIBRARIES += sim/libsim.a
SIM_LIBS = sim/libsim.a $(PROTO_LIBS) $(PNG_LIBS) $(MATH_LIBS)

sim_libsim_a_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(PNG_CFLAGS)
sim_libsim_a_SOURCES = \
  %D%/control.c %D%/control.h \
  %D%/etcher.c %D%/etcher.h %D%/etcher_state.h \
  %D%/etcher_command.c \
  %D%/etcher_job.c \
  %D%/etcher_map.c \
  %D%/etcher_mark.c \
  %D%/fault.c %D%/fault.h \
  %D%/keeper.c %D%/keeper.h \
  %D%/keeper_file.c %D%/keeper_file.h \
  %D%/keeper_state.c %D%/keeper_state.h \
  %D%/machine.c %D%/machine.h \
  %D%/modbus.c %D%/modbus.h \
  %D%/plate.c %D%/plate.h \
  %D%/plate_png.c \
  %D%/plate_svg.c \
  %D%/port.c %D%/port.h \
  %D%/reply.c %D%/reply.h \
  %D%/server.c %D%/server.h \
  %D%/talk.c %D%/talk.h \
  %D%/wire.c %D%/wire.h

bin_PROGRAMS += sim/keyline-sim
sim_keyline_sim_SOURCES = %D%/keyline_sim.c
sim_keyline_sim_LDADD = $(SIM_LIBS)

bin_PROGRAMS += sim/keyline-label
sim_keyline_label_SOURCES = %D%/keyline_label.c
sim_keyline_label_CPPFLAGS = $(AM_CPPFLAGS) $(CUPS_CFLAGS)
sim_keyline_label_CFLAGS = $(AM_CFLAGS) $(PNG_CFLAGS)
sim_keyline_label_LDADD = $(CUPS_LIBS) $(PNG_LIBS)
