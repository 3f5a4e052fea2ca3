# The front door. `make help` lists what there is; the README says what it is for.
#
# Everything is built below .build. The folder .build/smelt is the installable tree:
#   bin/smelt                 the compiler
#   lib/smelt/<triple>/       for each target, the runtime that programs are linked with

SHELL := /bin/bash
PREFIX ?= /usr/local
DESTDIR ?=

# Tests and programs are built with the same options, so that they share one build: that is also
# why tests have to do without @testable.
SWIFT_FLAGS := -c release
STAGE := .build/smelt
# Where shells look for completions, below PREFIX/share.
COMPLETIONS := bash-completion/completions/smelt zsh/site-functions/_smelt \
    fish/vendor_completions.d/smelt.fish
TRIPLES := x86_64-linux-musl aarch64-linux-musl
FUZZ := .build/venv/bin/python Tests/Fuzzing/differential.py
FUZZ_KINDS := .build/venv/bin/python Tests/Fuzzing/fuzz.py
FUZZ_COMPOSED := .build/venv/bin/python Tests/Fuzzing/composed.py
FUZZ_EMBEDDING := .build/venv/bin/python Tests/Fuzzing/embedding.py
SECONDS ?= 600
FORMATTED := Package.swift Sources Tests
SHELL_SCRIPTS := .ci/install .ci/run .ci/demo .ci/swift-test Packaging/dist.sh Packaging/check.sh
# Left out are programs and suites that run for minutes.
QUICK_TESTS := --skip WastTests --skip EndToEndTests --skip SpecificationSuiteTests --skip SmithTests \
    --skip DamageTests --skip RobustnessTests

.PHONY: build demo test test-all fuzz planted bench format lint install uninstall dist test-dist clean help

help:
	@echo 'make demo                 compile a C program to Wasm and on to two processors, and run it'
	@echo 'make check                rules about the sources, unit tests and golden files: less than two'
	@echo '                          minutes when everything is built'
	@echo 'make test                 all tests (test-all is the same for now), and what was skipped'
	@echo 'make fuzz [SECONDS=N]     run random modules, and cases of every kind, here and in wasmtime, look'
	@echo '                          for differences; before that, fuzz the path sandbox and poll for 60 s each'
	@echo 'make compile-time         how the time to compile grows with functions of many shapes'
	@echo 'make planted              take every protection of the sandbox away in turn, and let the fuzzers'
	@echo '                          find that out'
	@echo 'make test-exceptions      C++ programs that throw, in both encodings, at all levels; builds the'
	@echo '                          C++ library that they need first, in some minutes'
	@echo 'make test-real            large programs from the Python Package Index, put to work'
	@echo 'make build                the compiler and its runtime, in $(STAGE)'
	@echo 'make install PREFIX=DIR   what is built, in DIR (default $(PREFIX)); make uninstall'
	@echo 'make dist                 a Debian package and a tarball, in .build/dist; make test-dist'
	@echo 'make bench                how fast compiled programs are, beside native ones and other'
	@echo '                          engines; make bench QUICK=1 takes a minute'
	@echo 'make bench-exceptions     what exceptions cost, when they are thrown and when they are not'
	@echo 'make bench-databases      functions of guests in SQLite and PostgreSQL, beside functions in C'
	@echo 'make test-attacks [SECONDS=N]  what guests should not do, in databases, by concurrent sessions'
	@echo 'make bench-components     calls between components, beside native C and wasmtime'
	@echo 'make bench-objects        programs with objects, beside V8 and wasmtime'
	@echo 'make bench-libraries      what interruption, fuel, and comparisons of bounds cost, and calls'
	@echo 'make format, make lint    write and check the layout of the sources'
	@echo 'make docs                 the documentation of the library, in .build/documentation'
	@echo 'make clean                remove everything that was built'

build:
	@.ci/install
	swift build $(SWIFT_FLAGS) --product smelt
	@$(MAKE) --no-print-directory stage

.PHONY: stage
stage:
	$(MAKE) --no-print-directory -C runtime-c OUT=../$(STAGE)/lib/smelt
	$(MAKE) --no-print-directory -C Integrations OUT=../$(STAGE)/lib/smelt
	@mkdir -p $(STAGE)/bin
	@install -m 755 "$$(swift build $(SWIFT_FLAGS) --show-bin-path)/smelt" $(STAGE)/bin/smelt.new
	@mv -f $(STAGE)/bin/smelt.new $(STAGE)/bin/smelt

demo:
	@.ci/install --demo
	@$(MAKE) --no-print-directory build
	@.ci/demo

test:
	@.ci/install --test
	@$(MAKE) --no-print-directory build
	python3 Tests/suites.py
	$(MAKE) --no-print-directory -C runtime-c lint
	$(MAKE) --no-print-directory -C runtime-c test OUT=../.build/runtime-tests
	$(MAKE) --no-print-directory -C runtime-c fuzz-sample OUT=../.build/runtime-tests
	.ci/swift-test --timeout 3000 $(SWIFT_FLAGS)
	$(FUZZ) --count 60 --instructions --loops --quick --regressions
	.build/venv/bin/python Tests/MachineCode/check.py
	.build/venv/bin/python Tests/LLVMDefects/check.py
	.build/venv/bin/python Tests/Libraries/check.py
	.build/venv/bin/python Tests/Integrations/check.py
	.build/venv/bin/python Tests/Components/host_functions.py
	.build/venv/bin/python Tests/Components/access.py
	.build/venv/bin/python Tests/Components/attacks.py
	.build/venv/bin/python Tests/Components/suite.py
	$(FUZZ_KINDS) --count 3 --ways 3 --seconds 60
	$(FUZZ_EMBEDDING) --count 4
	$(FUZZ_COMPOSED) --count 8
	.build/venv/bin/python Tests/Documentation/readme.py
	@.ci/swift-test --list-skips

test-all: test

# What a change is likely to break, in less than two minutes once everything is built: every unit test,
# the golden files, a program on each processor.
.PHONY: check
check:
	@.ci/install --test
	@$(MAKE) --no-print-directory build
	python3 Tests/Rules/check.py
	.ci/swift-test --timeout 600 $(SWIFT_FLAGS) $(QUICK_TESTS)
	@.ci/swift-test --list-skips

fuzz:
	@.ci/install --test
	@$(MAKE) --no-print-directory build
	$(MAKE) --no-print-directory -C runtime-c fuzz OUT=../.build/runtime-tests
	.build/venv/bin/python Tests/MachineCode/check.py --all
	$(FUZZ) --seconds $(SECONDS) --seed $$(date +%s) --count 1000000 --instructions --loops --regressions
	$(FUZZ_KINDS) --seconds $(SECONDS) --seed $$(date +%s)
	$(FUZZ_EMBEDDING) --seconds $(SECONDS) --seed $$(date +%s)
	$(FUZZ_COMPOSED) --seconds $(SECONDS) --seed $$(date +%s)

# Too slow for `make test`: the library alone is most of a minute of processor time, twice.
.PHONY: test-exceptions test-real test-attacks bench-components bench-exceptions bench-objects bench-databases \
    bench-libraries
test-exceptions:
	@.ci/install --exceptions
	@$(MAKE) --no-print-directory build
	.build/venv/bin/python Tests/Exceptions/check.py

test-real:
	@.ci/install --exceptions
	@$(MAKE) --no-print-directory build
	.build/venv/bin/python Tests/RealPrograms/check.py
	.build/venv/bin/python Tests/Components/codecs_of_others.py
	.build/venv/bin/python Tests/Components/python.py

test-attacks:
	@.ci/install --test
	@$(MAKE) --no-print-directory build
	.build/venv/bin/python Tests/Integrations/check.py attacks --seconds $(SECONDS)

bench-databases:
	@.ci/install --bench
	@$(MAKE) --no-print-directory build
	.build/venv/bin/python Benchmarks/databases.py --write

bench-exceptions:
	@.ci/install --exceptions
	@$(MAKE) --no-print-directory build
	.build/venv/bin/python Benchmarks/exceptions.py

# Hours, on a machine with nothing else to do.
.PHONY: compile-time
compile-time:
	@.ci/install --test
	@$(MAKE) --no-print-directory build
	.build/venv/bin/python Tests/CompileTime/check.py

# What the fuzzers find of faults that a build of its own can have (Tests/Fuzzing/planted.py).
planted:
	@.ci/install --test
	swift build $(SWIFT_FLAGS) --scratch-path .build/planted/build -Xswiftc -DPLANTED_FAULTS \
	    --product smelt
	@mkdir -p .build/planted/none/bin
	@install -m 755 .build/planted/build/release/smelt .build/planted/none/bin/smelt
	.build/venv/bin/python Tests/Fuzzing/planted.py

bench-libraries:
	@.ci/install --bench
	@$(MAKE) --no-print-directory build
	.build/venv/bin/python Benchmarks/libraries.py
	.build/venv/bin/python Benchmarks/libraries.py --calls

bench-components:
	@.ci/install --test
	@$(MAKE) --no-print-directory build
	.build/venv/bin/python Benchmarks/components.py

bench-objects:
	@.ci/install --exceptions
	@$(MAKE) --no-print-directory build
	.build/venv/bin/python Benchmarks/objects.py

bench:
	@.ci/install --bench
	@$(MAKE) --no-print-directory build
	python3 Benchmarks/run.py $(if $(QUICK),--quick)

format:
	swift format -i -p -r $(FORMATTED)

lint:
	@.ci/install
	swift format lint --strict -p -r $(FORMATTED)
	@# Of the library, and only there, every public declaration is documented.
	@mkdir -p .build
	@sed 's/\(PublicDeclarationsHaveDocumentation": \)false/\1true/' .swift-format \
	    > .build/documented.swift-format
	swift format lint --strict --configuration .build/documented.swift-format -p \
	    -r Sources/Compiler
	@for script in $(SHELL_SCRIPTS); do bash -n $$script || exit 1; done
	python3 Tests/Rules/check.py

# Any warning is an error.
.PHONY: docs
docs:
	swift package $(SWIFT_FLAGS) --allow-writing-to-directory .build/documentation \
	    generate-documentation --target Compiler --warnings-as-errors \
	    --output-path .build/documentation

# Installing does not build: `sudo make install` has no Swift in its path, and would leave files of root's
# behind. Paths may have blanks in them.
install:
	@test -x $(STAGE)/bin/smelt || { echo 'nothing is built yet: run make build first' >&2; exit 1; }
	@mkdir -p "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 -s $(STAGE)/bin/smelt "$(DESTDIR)$(PREFIX)/bin/smelt"
	@for triple in $(TRIPLES); do \
	    folder="$(DESTDIR)$(PREFIX)/lib/smelt/$$triple"; \
	    mkdir -p "$$folder" && install -m 644 $(STAGE)/lib/smelt/$$triple/*.[ao] "$$folder" || exit 1; \
	done
	@mkdir -p "$(DESTDIR)$(PREFIX)/share/man/man1"
	$(STAGE)/bin/smelt manual > "$(DESTDIR)$(PREFIX)/share/man/man1/smelt.1"
	@for file in $(COMPLETIONS); do \
	    case $$file in bash-*) shell=bash;; zsh/*) shell=zsh;; fish/*) shell=fish;; esac; \
	    mkdir -p "$(DESTDIR)$(PREFIX)/share/$$(dirname $$file)" && \
	    $(STAGE)/bin/smelt --generate-completion-script $$shell \
	        > "$(DESTDIR)$(PREFIX)/share/$$file" || exit 1; \
	done
	install -m 644 $(STAGE)/lib/smelt/smelt.py $(STAGE)/lib/smelt/smelt.h \
	    "$(DESTDIR)$(PREFIX)/lib/smelt"
	@echo "installed $(DESTDIR)$(PREFIX)/bin/smelt"

# What `make install` with the same PREFIX has installed.
uninstall:
	rm -f "$(DESTDIR)$(PREFIX)/bin/smelt" "$(DESTDIR)$(PREFIX)/share/man/man1/smelt.1"
	@for file in $(COMPLETIONS); do rm -f "$(DESTDIR)$(PREFIX)/share/$$file"; done
	rm -rf "$(DESTDIR)$(PREFIX)/lib/smelt"

dist:
	@.ci/install --dist
	@$(MAKE) --no-print-directory build
	Packaging/dist.sh

test-dist: dist
	Packaging/check.sh

clean:
	rm -rf .build
