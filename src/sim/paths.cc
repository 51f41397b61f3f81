// The paths of Unix sockets.
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "sim/calls.h"
#include "sim/world.h"
#include "sluice/address.h"

namespace sluice::sim {

// A path in the scratch folder is a file there, which stays until it is removed, as on a real
// machine; any other path is known to the host alone, and its file is never seen.
int BindPath(Socket* socket, const Address& address) {
  String path(address.host());
  if (MayWrite(path)) {
    int real = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int result = ::bind(real, address.data(), address.size()) == 0 ? 0 : -errno;
    ::close(real);
    if (result != 0) return result;
    socket->host->paths[path] = socket;
  } else if (!socket->host->paths.emplace(path, socket).second) {
    return -EADDRINUSE;
  }
  socket->path = path;
  return 0;
}

int ConnectUnix(Socket* socket, const Address& address) {
  String path(address.host());
  struct stat status;
  bool file = MayWrite(path) && stat(path.c_str(), &status) == 0;
  auto found = socket->host->paths.find(path);
  if (found == socket->host->paths.end() || (MayWrite(path) && !file))
    return file || path.starts_with('\0') ? -ECONNREFUSED : -ENOENT;
  Socket* listener = found->second;
  if (listener->state != State::kListening) return -ECONNREFUSED;
  if (listener->queue.size() > listener->backlog) return -EAGAIN;
  Socket* made = NewSocket(socket->host, SOCK_STREAM, AF_UNIX);
  made->peer = socket;
  made->path = listener->path;
  made->state = socket->state = State::kConnected;
  socket->peer = made;
  listener->queue.push_back(made);
  Changed(listener);
  Changed(socket);
  return 0;
}

}  // namespace sluice::sim
