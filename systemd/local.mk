# SPDX-License-Identifier: MIT
# Units take their paths from configure; what is read by systemd goes below its prefix.
systemdprefix = $(prefix)/lib

systemdsystemunit_DATA = %D%/keylined@.service %D%/keyline-network@.service
CLEANFILES += $(systemdsystemunit_DATA)
UNIT_PATHS = -e 's|@sbindir[@]|$(sbindir)|g' -e 's|@libexecdir[@]|$(libexecdir)|g' \
  -e 's|@sysconfdir[@]|$(sysconfdir)|g' -e 's|@docdir[@]|$(docdir)|g'
%D%/keylined@.service: %D%/keylined@.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && sed $(UNIT_PATHS) $(srcdir)/%D%/keylined@.service.in > $@.tmp && \
	  mv $@.tmp $@
%D%/keyline-network@.service: %D%/keyline-network@.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) %D% && sed $(UNIT_PATHS) $(srcdir)/%D%/keyline-network@.service.in > $@.tmp && \
	  mv $@.tmp $@
dist_driver_SCRIPTS = %D%/keyline-network

catalogdir = $(systemdprefix)/systemd/catalog
dist_catalog_DATA = %D%/keyline.catalog

EXTRA_DIST += %D%/keylined@.service.in %D%/keyline-network@.service.in \
  %D%/keyline.sysusers %D%/keyline.tmpfiles
install-data-hook: install-systemd
install-systemd:
	$(MKDIR_P) $(DESTDIR)$(systemdprefix)/sysusers.d $(DESTDIR)$(systemdprefix)/tmpfiles.d
	$(INSTALL_DATA) $(srcdir)/%D%/keyline.sysusers $(DESTDIR)$(systemdprefix)/sysusers.d/keyline.conf
	$(INSTALL_DATA) $(srcdir)/%D%/keyline.tmpfiles $(DESTDIR)$(systemdprefix)/tmpfiles.d/keyline.conf
uninstall-hook: uninstall-systemd
uninstall-systemd:
	rm -f $(DESTDIR)$(systemdprefix)/sysusers.d/keyline.conf
	rm -f $(DESTDIR)$(systemdprefix)/tmpfiles.d/keyline.conf
.PHONY: install-systemd uninstall-systemd

dist_doc_DATA = %D%/devices.network %D%/disk.conf %D%/network.conf
