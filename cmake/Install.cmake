# cmake --install: the command, the C++ library in both forms, what finds it, and what goes with it.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

add_library(libsluice_shared SHARED $<TARGET_OBJECTS:libsluice>)
set_target_properties(libsluice_shared PROPERTIES OUTPUT_NAME sluice EXPORT_NAME sluice
  VERSION ${PROJECT_VERSION} SOVERSION 0 LINK_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/sluice.map)
set_target_properties(libsluice PROPERTIES EXPORT_NAME sluice_static)
target_compile_features(libsluice_shared PUBLIC cxx_std_20)
target_include_directories(libsluice_shared PUBLIC
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
target_link_options(libsluice_shared PRIVATE
  -Wl,--version-script=${PROJECT_SOURCE_DIR}/cmake/sluice.map)
target_link_libraries(libsluice_shared PRIVATE $<BUILD_INTERFACE:sluice_options> OpenSSL::SSL
  Threads::Threads PkgConfig::CARES ${CMAKE_DL_LIBS})

# The components: command, and library with what programs are built with.
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME library)
install(TARGETS libsluice_shared libsluice EXPORT sluice
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/sluice TYPE INCLUDE)

set(PACKAGE_FOLDER ${CMAKE_INSTALL_LIBDIR}/cmake/sluice)
install(EXPORT sluice NAMESPACE sluice:: DESTINATION ${PACKAGE_FOLDER} FILE sluiceTargets.cmake)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/sluiceConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES cmake/sluiceConfig.cmake ${PROJECT_BINARY_DIR}/sluiceConfigVersion.cmake
  DESTINATION ${PACKAGE_FOLDER})

# The prefix is found from the file's own place: an installed tree may be moved.
file(RELATIVE_PATH PREFIX_FROM_PC
  /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
configure_file(cmake/sluice.pc.in ${PROJECT_BINARY_DIR}/sluice.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/sluice.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

if(SLUICE_COMMAND)
  set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME command)
  install(TARGETS sluice)
  install(FILES packaging/sluice.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES packaging/sluice.bash
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME sluice)
  install(FILES packaging/sluice.zsh
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions RENAME _sluice)
  install(FILES packaging/sluice.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
  install(DIRECTORY types DESTINATION ${CMAKE_INSTALL_DATADIR}/sluice)
  install(FILES ${GENERATED}/licenses.txt TYPE DOC)
endif()
install(FILES LICENSE TYPE DOC)
