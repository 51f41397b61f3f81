#include "tls/system_authorities.h"

#include <fcntl.h>

#include <cerrno>
#include <cstdlib>
#include <mutex>

#include "sluice/tls_context.h"
#include "sys/sys.h"

namespace sluice {
namespace {

// Whether a file that could not be opened is not there for this process, and will not be soon.
bool Absent(int error) {
  return error == ENOENT || error == ENOTDIR || error == EACCES || error == EISDIR ||
         error == ELOOP || error == ENAMETOOLONG;
}

// Returns 0, or -errno.
int ReadFile(const char* path, std::string* out) {
  int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -errno;
  char buffer[64 * 1024];
  ssize_t count;
  while ((count = sys::Read(fd, buffer, sizeof buffer)) > 0)
    out->append(buffer, static_cast<size_t>(count));
  sys::Close(fd);
  return static_cast<int>(count);
}

// The number of a system call that failed, in this thread's queue of OpenSSL's errors; 0 for none.
int SystemErrorInQueue() {
  int found = 0;
  while (unsigned long number = ERR_get_error())
    if (found == 0 && ERR_SYSTEM_ERROR(number)) found = ERR_GET_REASON(number);
  return found;
}

}  // namespace

// X509_STORE_set_default_paths(3), which would not tell that a file could not be read.
bool AddSystemAuthorities(X509_STORE* store, Error* error) {
  ERR_clear_error();
  X509_LOOKUP* file = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  X509_LOOKUP* directory = X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());
  if (file == nullptr || directory == nullptr) {
    *error = TakeError("ca");
    return false;
  }
  bool read = X509_LOOKUP_load_file(file, nullptr, X509_FILETYPE_DEFAULT) == 1;
  int failure = read ? 0 : SystemErrorInQueue();
  X509_LOOKUP_add_dir(directory, nullptr, X509_FILETYPE_DEFAULT);
  ERR_clear_error();
  if (failure == 0 || Absent(failure)) return true;
  *error = Error::System("open", failure, X509_get_default_cert_file());
  return false;
}

X509_STORE* SystemStore(Error* error) {
  static std::mutex& mutex = *new std::mutex;
  static X509_STORE* store = nullptr;
  std::lock_guard lock(mutex);
  if (store != nullptr) return store;
  StorePtr made(X509_STORE_new());
  if (!made) {
    *error = TakeError("ca");
    return nullptr;
  }
  if (!AddSystemAuthorities(made.get(), error)) return nullptr;
  return store = made.release();
}

std::vector<std::string> SystemAuthorities(Error* error) {
  // The bundle that distributions make of the single files (SSL_CERT_FILE, else where
  // ca-certificates puts it).
  const char* named = std::getenv(X509_get_default_cert_file_env());
  const char* places[] = {named, X509_get_default_cert_file(), "/etc/ssl/certs/ca-certificates.crt",
                          "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"};
  constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  constexpr std::string_view kEnd = "-----END CERTIFICATE-----";
  std::vector<std::string> list;
  std::string text;
  for (const char* place : places) {
    if (place == nullptr) continue;
    int result = ReadFile(place, &text);
    if (result == 0) break;
    if (Absent(-result)) continue;
    *error = Error::System("open", -result, place);
    return list;
  }
  for (size_t from = 0; (from = text.find(kBegin, from)) != std::string::npos;) {
    size_t end = text.find(kEnd, from);
    if (end == std::string::npos) break;
    end += kEnd.size();
    list.push_back(text.substr(from, end - from));
    from = end;
  }
  return list;
}

}  // namespace sluice
