// Public. Stream: the one transport table. TCP and Unix sockets fill it, TLS fills it over any of
// them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "sluice/address.h"
#include "sluice/connection.h"
#include "sluice/error.h"
#include "sluice/loop.h"
#include "sluice/ref.h"

namespace sluice {

class Socket;
class Stream;

// StreamHandler is what a stream reports to. One handler may serve many streams; the stream does
// not own it, and it must live until the last stream that names it is closed. Every callback may
// close or release the stream that called it, and any other. All run on the loop's thread, and none
// from within a call to the stream.
class StreamHandler {
 public:
  // A connection that was asked for is there, or failed (error is set and the stream is closed;
  // no further callback). Only for streams that connect.
  virtual void OnConnect(Stream& stream, const Error& error);
  // Where the next bytes shall go; at least one byte, at most what the stream should read at
  // once. The default is the loop's scratch buffer. wanted is a hint from recent reads. None: there
  // is no memory for them, and the stream fails with ENOBUFS.
  virtual std::span<uint8_t> OnBuffer(Stream& stream, size_t wanted);
  // Bytes arrived, in the buffer that OnBuffer gave.
  virtual void OnData(Stream& stream, std::span<uint8_t> data) = 0;
  // The peer ended its side; no more OnData.
  virtual void OnEnd(Stream& stream) = 0;
  // All queued bytes reached the kernel; once after each Write, and each Socket::Carry to the
  // stream, that left some queued.
  virtual void OnDrain(Stream& stream);
  // Our side is ended: everything was written and the peer was told. After Shutdown().
  virtual void OnShutdown(Stream& stream);
  // The stream failed and is closed; no further callback. What had arrived before was reported
  // first if the stream was reading.
  virtual void OnError(Stream& stream, const Error& error) = 0;
  // No byte moved for the time set by SetIdleTimeout; once until the next byte moves.
  virtual void OnIdle(Stream& stream);
  // The server leaves (Listener::Drain, ServerGroup::Drain), and resets what is open after so many
  // ms more. True: the handler has said farewell as its protocol does, and ends the stream itself.
  // False, as by default: the drain calls Shutdown() once no byte moved for a second; OnShutdown
  // comes with the peer's end then. A peer that does not end in two seconds more is given up, and
  // OnError tells of it (ECONNABORTED, CloseCode::kDrain).
  virtual bool OnGoAway(Stream& stream, uint64_t deadline_ms);
  // Bytes arrived at a socket that carries (Socket::Carry): where they shall go, or null, as by
  // default, to be told of them by OnData.
  virtual Socket* OnCarry(Socket& socket);

 protected:
  ~StreamHandler() = default;
};

// Stream is a connection: bytes both ways, each side ends on its own. It starts paused: nothing is
// read before Resume(). While open it holds itself; while it connects, reads or has bytes queued it
// keeps Loop::Run going, unless SetRef(false) was called. Whoever names it for longer keeps a Ref.
// Loop thread.
class Stream : public RefCounted {
 public:
  // For those who make a transport: handler is not owned.
  Stream(Loop& loop, StreamHandler* handler) : loop_(loop), handler_(handler) {}

  // loop returns the loop of the stream.
  Loop& loop() const { return loop_; }
  // handler returns what the stream reports to, not owned.
  StreamHandler* handler() const { return handler_; }
  // set_handler makes another one of it, from the next callback on.
  void set_handler(StreamHandler* handler) { handler_ = handler; }
  // A number of the handler's owner, to find its own record of the stream.
  uint64_t tag = 0;

  // Resume starts reading.
  virtual void Resume() = 0;
  // Pause stops it: a paused stream leaves the bytes in the kernel, so that TCP pushes back on the
  // peer.
  virtual void Pause() = 0;

  // TryWrite hands bytes to the kernel and returns how many it took, 0 to size; failures come by
  // OnError later. Takes none while connecting, or while bytes are queued. After a short count
  // the next Write must begin with the byte that follows: an encrypted stream may hold a record
  // of those bytes already.
  virtual size_t TryWrite(std::span<const uint8_t> data) = 0;
  // Write sends parts in order, at once as far as the kernel takes them; the rest is queued and
  // OnDrain follows. Returns true if everything reached the kernel. With copy the queue keeps
  // its own copy; else the bytes must stay until OnDrain or the end of the stream. A closed stream
  // drops the bytes and returns false. Writing after Shutdown() fails with EPIPE. What would pass
  // ConnectionLimits::hard_bytes is refused whole: neither it nor anything after it is sent, and
  // OnError follows (ECONNABORTED, CloseCode::kWriteLimit).
  virtual bool Write(std::span<const std::span<const uint8_t>> parts, bool copy) = 0;
  // Write of one part, with a copy of what is queued.
  bool Write(std::span<const uint8_t> data) { return Write({&data, 1}, true); }
  // Likewise, of text.
  bool Write(std::string_view text) {
    return Write({reinterpret_cast<const uint8_t*>(text.data()), text.size()});
  }
  virtual size_t queued() const = 0;  // bytes in the queue

  // Shutdown ends our side after the queue is written: OnShutdown follows. A descriptor that is
  // no socket has no end to tell the peer of but Close().
  virtual void Shutdown() = 0;
  // Close gives the connection up: queued bytes are dropped, no callback follows. Closing again
  // does nothing.
  virtual void Close() = 0;
  // Reset is Close with RST on TCP.
  virtual void Reset() = 0;
  // closed returns whether the stream is closed or failed.
  virtual bool closed() const = 0;
  virtual int fd() const = 0;  // -1 when closed

  // LocalAddress returns the address of our end; none when closed or not connected.
  virtual Address LocalAddress() const = 0;
  // PeerAddress returns that of the other end, likewise.
  virtual Address PeerAddress() const = 0;

  // SetIdleTimeout reports OnIdle after ms without a byte read or written; 0 ends that. It costs
  // the data path one store.
  virtual void SetIdleTimeout(uint64_t ms) = 0;

  // record returns the ledger's record of the connection; null: it is none, a pipe or a terminal.
  virtual ConnectionRecord* record() { return nullptr; }
  // Note sets the cause of the end, if there is none yet: before Close() or Reset() of who knows
  // better than that this side gave it up.
  void Note(CloseReason reason) {
    if (ConnectionRecord* found = record()) found->Note(reason);
  }

  // knows_more returns, within OnData, whether more is to be told as soon as that returns: an end,
  // a failure or further bytes that came with these.
  virtual bool knows_more() const { return false; }

  // SetRef says whether the stream keeps Loop::Run going while it connects, reads or has bytes
  // queued; it does at first.
  virtual void SetRef(bool on) = 0;

  // bytes_read returns how many bytes came from the kernel since the stream was made.
  uint64_t bytes_read() const { return bytes_read_; }
  // bytes_written returns how many went there.
  uint64_t bytes_written() const { return bytes_written_; }

 protected:
  Loop& loop_;                  // see loop()
  StreamHandler* handler_;      // see handler()
  uint64_t bytes_read_ = 0;     // see bytes_read()
  uint64_t bytes_written_ = 0;  // see bytes_written()
};

}  // namespace sluice
