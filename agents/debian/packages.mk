# A part of the Makefile: the Debian packages, made and tried.

# A source package of what git knows, but for the tests, made here of the files that lie
# with the programs.
DEB_PACKAGES := debhelper dpkg-dev lintian
deb-packages: ; $(call install_packages,$(BUILD_PACKAGES) $(DEB_PACKAGES))

DEB := $(BUILD)/deb
deb: deb-packages
	$(Q)rm -rf $(DEB) && mkdir -p $(DEB)/maat/debian
	$(Q)git ls-files -z Makefile README.md schema store broker agents | xargs -0 cp --parents -t $(DEB)/maat
	$(Q)agents/debian/assemble $(DEB)/maat/debian $(LIBRARY) $(VERSION) $(filter lib% pkg-config,$(BUILD_PACKAGES))
	cd $(DEB)/maat && MAAT_SOURCE=$(VERSION) DEB_BUILD_OPTIONS="noautodbgsym parallel=$(shell nproc)" \
	  dpkg-buildpackage -us -uc -b
	lintian --allow-root --fail-on error,warning $(DEB)/*.changes

# They in a bare Debian 12, with systemd at work: needs root, and namespaces.
MACHINE_PACKAGES := debootstrap util-linux iproute2 procps
machine-packages: ; $(call install_packages,$(MACHINE_PACKAGES))

test-packages: deb machine-packages units
	$(Q)tests/packages/run $(DEB) $(BUILD)/packages

.PHONY: deb deb-packages test-packages machine-packages
