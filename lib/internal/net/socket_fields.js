'use strict';
// What a net.Socket keeps in itself, for the modules that it is made of.

const kId = Symbol('id'); // the handle's number, 0 for none
const kReading = Symbol('reading'); // C++ reads
const kStopped = Symbol('stopped'); // by pause()
const kWriteDone = Symbol('writeDone'); // callback of the write that C++ has queued
const kFinalDone = Symbol('finalDone');
const kConnector = Symbol('connector'); // the connection attempt that goes on
const kAccepted = Symbol('accepted'); // made by a server
const kBound = Symbol('bound'); // the descriptor of a BoundSocket that is to connect, or -1
const kTakeBound = Symbol('takeBound'); // of a BoundSocket: gives its descriptor away
const kBytesRead = Symbol('bytesRead');
const kBytesWritten = Symbol('bytesWritten');
const kPeer = Symbol('peer');
const kLocal = Symbol('local');
const kTimeout = Symbol('timeout');
const kTimer = Symbol('timer'); // idle timer while there is no handle
const kIdle = Symbol('idle'); // the limit that C++ has, as limitIdle() set it
const kIdleOff = Symbol('idleOff'); // that limit does not hold now
const kSettings = Symbol('settings'); // options set before there was a handle
const kReset = Symbol('reset');
const kUnref = Symbol('unref');
const kOnRead = Symbol('onread');
const kPiped = Symbol('piped'); // the listener of `data` that pipe() to a socket added last
const kCarried = Symbol('carried'); // C++ may have bytes queued that came from another socket
const kTls = Symbol('tls'); // what a socket that encrypts is made with, else null
const kAbove = Symbol('above'); // the encrypted socket that took the stream over
const kTruncated = Symbol('truncated');
const kCloseCode = Symbol('closeCode'); // number of the CloseCode, once it is closed
const kWriteLimit = Symbol('writeLimit'); // what internal/net/write_limits checked, or undefined
const kWriteBelow = Symbol('writeBelow'); // write() of a socket with a limit, without it
const kLimited = Symbol('limited'); // `limit` was emitted since its queue was short
const kHeld = Symbol('held'); // how many bytes the ledger was told that wait here
// {leave(): boolean, promised: number} of what speaks over it, for drain(): whether something is under
// way, and ms of silence that the peer was promised.
const kProtocol = Symbol('protocol');
const kHeader = Symbol('header'); // bytes to send before all else
const kProxied = Symbol('proxied'); // what a PROXY header told, once asked for
const kCause = Symbol('cause'); // a close code, while listeners of its event run

/** What sockets inherit: Socket.prototype, which the modules that net.Socket is made of fill. */
const members = {};

module.exports = {
  members,
  kId,
  kReading,
  kStopped,
  kWriteDone,
  kFinalDone,
  kConnector,
  kAccepted,
  kBound,
  kTakeBound,
  kBytesRead,
  kBytesWritten,
  kPeer,
  kLocal,
  kTimeout,
  kTimer,
  kIdle,
  kIdleOff,
  kSettings,
  kReset,
  kUnref,
  kOnRead,
  kPiped,
  kCarried,
  kTls,
  kAbove,
  kTruncated,
  kCloseCode,
  kProtocol,
  kHeader,
  kProxied,
  kCause,
  kWriteLimit,
  kWriteBelow,
  kLimited,
  kHeld,
};
