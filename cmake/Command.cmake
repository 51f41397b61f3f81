# The sluice command: the engine's bindings, the built-in modules, the options.
enable_language(ASM)
pkg_check_modules(JSC REQUIRED IMPORTED_TARGET javascriptcoregtk-4.1)
pkg_check_modules(GLIB REQUIRED IMPORTED_TARGET glib-2.0)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(BROTLI REQUIRED IMPORTED_TARGET libbrotlienc libbrotlidec)

# Built-in JavaScript modules and texts: packages are bundled, then everything is embedded. A source
# archive (make dist) has the result, and is built without Node and without packages.
set(GENERATED ${PROJECT_SOURCE_DIR}/generated)
if(NOT EXISTS ${GENERATED}/builtins.S)
  set(GENERATED ${PROJECT_BINARY_DIR}/generated)
  file(GLOB_RECURSE LIB_SOURCES CONFIGURE_DEPENDS lib/*.js packaging/service/* packaging/dashboard/* types/*.d.ts)
  add_custom_command(
    OUTPUT ${GENERATED}/builtins.S ${GENERATED}/builtins.cc ${GENERATED}/texts.S
      ${GENERATED}/texts.cc ${GENERATED}/licenses.txt ${GENERATED}/bundled.json
      ${GENERATED}/dashboard.js ${GENERATED}/dashboard.css
    COMMAND node ${PROJECT_SOURCE_DIR}/tools/embed.mjs ${PROJECT_SOURCE_DIR} ${GENERATED}
    DEPENDS ${LIB_SOURCES} tools/embed.mjs tools/licenses.mjs tools/patches.mjs tools/variables.mjs
      package-lock.json LICENSE
    COMMENT "Embedding built-in modules")
endif()
set_source_files_properties(${GENERATED}/builtins.S ${GENERATED}/texts.S PROPERTIES
  OBJECT_DEPENDS ${GENERATED}/licenses.txt
  COMPILE_OPTIONS "-Wa,-I,${GENERATED},-I,${PROJECT_SOURCE_DIR}")
file(GLOB JS_SOURCES CONFIGURE_DEPENDS src/engine/*.cc src/control/*.cc src/bind/*.cc src/bind/*/*.cc)
# HTTP/2 is built where nghttp2's header is, and loads that library when a program requires http2.
find_path(NGHTTP2_INCLUDE nghttp2/nghttp2.h)
if(NGHTTP2_INCLUDE)
  set_source_files_properties(src/bind/http2/http2.cc PROPERTIES COMPILE_DEFINITIONS SLUICE_HTTP2)
else()
  list(FILTER JS_SOURCES EXCLUDE REGEX "src/bind/http2/(library|session|callbacks)\\.cc$")
endif()
# What every program runs lies together in the binary (see also `always` in tools/embed.mjs): the
# linker puts objects in this order, while it takes members of an archive as they are asked for.
set(START_SOURCES
  engine/engine engine/vm engine/builtins engine/turns engine/glib_source engine/value engine/text
  engine/view engine/source_text engine/task engine/stack_traces engine/jsc_spi engine/self_check engine/bytecode
  engine/buffer_count engine/encoding bind/module/module bind/module/compile bind/process/process
  bind/runtime/runtime bind/runtime/traces bind/bindings control/control)
list(TRANSFORM START_SOURCES PREPEND ${PROJECT_SOURCE_DIR}/src/)
list(TRANSFORM START_SOURCES APPEND .cc)
list(REMOVE_ITEM JS_SOURCES ${START_SOURCES})
list(PREPEND JS_SOURCES ${START_SOURCES} ${GENERATED}/builtins.cc)
add_library(sluice_js OBJECT ${JS_SOURCES} ${GENERATED}/builtins.S)
# The engine and what it is written in come first: most of the symbols that the dynamic linker looks
# for at the start are theirs, and it asks library by library.
target_link_libraries(sluice_js PUBLIC PkgConfig::JSC stdc++ libsluice OpenSSL::SSL PkgConfig::GLIB
  PkgConfig::ZLIB PkgConfig::BROTLI PkgConfig::ZSTD PRIVATE sluice_options)
# Each binding names the table of its functions alike, so these are not compiled together.
if(SLUICE_UNITY)
  target_precompile_headers(sluice_js PRIVATE <algorithm> <chrono> <functional> <map> <memory> <mutex>
    <optional> <span> <string> <string_view> <unordered_map> <utility> <variant> <vector>
    src/engine/value.h src/engine/task.h src/engine/engine.h)
endif()
target_compile_definitions(sluice_js PRIVATE JSC_VERSION="${JSC_VERSION}")

# The bytecode of the built-in modules, by the engine that is installed (src/engine/bytecode.h). Where
# the target's programs do not run, sluice reads the texts.
if(NOT CMAKE_CROSSCOMPILING)
  add_executable(write_bytecode tools/write_bytecode.cc)
  target_link_libraries(write_bytecode PRIVATE sluice_js sluice_options)
  set(BYTECODE ${PROJECT_BINARY_DIR}/bytecode)
  if(SLUICE_SANITIZE)
    # As in test/CMakeLists.txt.
    set(BYTECODE_ENVIRONMENT
      ASAN_OPTIONS=detect_stack_use_after_return=0:allow_user_segv_handler=1:handle_segv=0)
  endif()
  file(WRITE ${BYTECODE}/bytecode.S "  .section .rodata.bytecode,\"a\",%progbits
  .balign 64
  .global sluice_bytecode
  .global sluice_bytecode_end
sluice_bytecode:
  .incbin \"bytecode.bin\"
sluice_bytecode_end:
  .section .note.GNU-stack,\"\",%progbits
")
  add_custom_command(
    OUTPUT ${BYTECODE}/bytecode.bin
    COMMAND ${CMAKE_COMMAND} -E env --unset=SLUICE_FAST ${BYTECODE_ENVIRONMENT}
      $<TARGET_FILE:write_bytecode> ${BYTECODE}/bytecode.bin
    DEPENDS write_bytecode
    COMMENT "Making the bytecode of built-in modules")
  set_source_files_properties(${BYTECODE}/bytecode.S PROPERTIES
    OBJECT_DEPENDS ${BYTECODE}/bytecode.bin COMPILE_OPTIONS "-Wa,-I,${BYTECODE}")
endif()

file(GLOB CLI_SOURCES CONFIGURE_DEPENDS src/cli/*.cc)
add_executable(sluice ${CLI_SOURCES} ${GENERATED}/texts.cc ${GENERATED}/texts.S)
if(BYTECODE)
  target_sources(sluice PRIVATE ${BYTECODE}/bytecode.S)
endif()
target_link_libraries(sluice PRIVATE sluice_js sluice_options)
# Libraries find these here also where the one that was built with calls none of them (simulate_libc.cc).
target_link_options(sluice PRIVATE -Wl,--export-dynamic-symbol=arc4random_buf
  -Wl,--export-dynamic-symbol=getentropy)

