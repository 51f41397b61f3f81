# find_package(sluice): sluice::sluice is the shared library, sluice::sluice_static the static one.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(OpenSSL 3)
find_dependency(PkgConfig)
pkg_check_modules(CARES REQUIRED QUIET IMPORTED_TARGET libcares)
include(${CMAKE_CURRENT_LIST_DIR}/sluiceTargets.cmake)
