# SPDX-License-Identifier: MIT
noinst_LIBRARIES += ctl/libctl.a
bin_PROGRAMS += ctl/keylinectl
CTL_LIBS = ctl/libctl.a $(PROTO_LIBS) $(JANSSON_LIBS) $(SMARTCOLS_LIBS) $(P11_KIT_LIBS)

ctl_libctl_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(SMARTCOLS_CFLAGS) $(CRYPTO_CFLAGS) $(P11_KIT_CFLAGS)
ctl_libctl_a_SOURCES = \
  %D%/ask.c %D%/ask.h \
  %D%/client.c %D%/client.h \
  %D%/command.c %D%/command.h \
  %D%/complete.c %D%/complete.h \
  %D%/copy.c %D%/copy.h \
  %D%/dual.c %D%/dual.h \
  %D%/eta.c %D%/eta.h \
  %D%/handover.c %D%/handover.h \
  %D%/handover_secret.c \
  %D%/heard.c %D%/heard.h \
  %D%/help.c %D%/help.h \
  %D%/import_next.c %D%/import_next.h \
  %D%/invocation.c %D%/invocation.h \
  %D%/key_file.c %D%/key_file.h \
  %D%/new_file.c %D%/new_file.h \
  %D%/page.c %D%/page.h \
  %D%/passphrase.c %D%/passphrase.h \
  %D%/prompt.c %D%/prompt.h \
  %D%/run.c %D%/run.h \
  %D%/run_certificate.c \
  %D%/run_check.c \
  %D%/run_copy.c \
  %D%/run_list.c \
  %D%/run_log.c \
  %D%/run_operator.c \
  %D%/run_person.c \
  %D%/run_report.c \
  %D%/run_request.c \
  %D%/run_trust.c \
  %D%/say.c %D%/say.h \
  %D%/show.c %D%/show.h \
  %D%/show_batch.c \
  %D%/show_parts.h \
  %D%/show_wallet.c \
  %D%/show_report.c \
  %D%/show_request.c \
  %D%/signed_file.c %D%/signed_file.h \
  %D%/signer.c %D%/signer.h \
  %D%/style.c %D%/style.h \
  %D%/table.c %D%/table.h \
  %D%/token.c %D%/token.h \
  %D%/when.c %D%/when.h

ctl_keylinectl_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
ctl_keylinectl_SOURCES = %D%/main.c proto/heap_wipe.c
ctl_keylinectl_LDADD = $(CTL_LIBS)

# Shell completion, where both shells look for it.
bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/site-functions
dist_zshcompletion_DATA = %D%/_keylinectl
EXTRA_DIST += %D%/keylinectl.bash

install-data-local: install-bash-completion
install-bash-completion:
	$(MKDIR_P) '$(DESTDIR)$(bashcompletiondir)'
	$(INSTALL_DATA) '$(srcdir)/ctl/keylinectl.bash' '$(DESTDIR)$(bashcompletiondir)/keylinectl'
uninstall-local: uninstall-bash-completion
uninstall-bash-completion:
	rm -f '$(DESTDIR)$(bashcompletiondir)/keylinectl'
.PHONY: install-bash-completion uninstall-bash-completion
