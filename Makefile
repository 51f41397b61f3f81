# The project's everyday commands; `make help` lists them.
# CMAKE_FLAGS is for CMake, as in `make test CMAKE_FLAGS=-DSLUICE_WERROR=ON`.
.DEFAULT_GOAL := build
.PHONY: build run test install dist deb clean help setup setup-test
PREFIX = /usr/local

setup:
	@tools/setup.sh build

setup-test:
	@tools/setup.sh build test

# Ninja runs CMake again by itself when the build files change.
build: setup
	@test -f build/build.ninja || cmake --preset release $(CMAKE_FLAGS)
	@cmake --build build --target sluice

run: build
	@tools/run.sh build/sluice

test: setup-test
	@cmake --preset release -DSLUICE_TESTS=ON $(CMAKE_FLAGS)
	@cmake --build build
	@tools/run-tests release

install: build
	@cmake --build build
	cmake --install build --prefix $(PREFIX)

dist: setup
	@tools/dist

deb: setup
	@tools/setup.sh deb
	@tools/deb

clean:
	rm -rf build build-asan build-tsan build-clang

help:
	@echo 'make build   install what the build needs, build build/sluice'
	@echo 'make run     build, then run the echo server and its client'
	@echo 'make test    install what the tests need, build, run all tests'
	@echo 'make install PREFIX=/usr/local   install the command, the C++ library, what goes with them'
	@echo 'make dist    make a source archive that is built without network and without Node'
	@echo 'make deb     make Debian packages'
	@echo 'make clean   remove what was built'
