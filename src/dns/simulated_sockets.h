// Internal. The sockets of c-ares in a simulation.
#pragma once

struct ares_socket_functions;

namespace sluice::dns {

// SimulatedSockets returns the functions by which c-ares uses simulated sockets.
const ares_socket_functions* SimulatedSockets();

}  // namespace sluice::dns
