'use strict';
// What a net.Server does beside serving: it leaves, stands behind load balancers, says how it is. What
// each needs loads when it is first used. docs/operate.md

/** What net.Server has of this. */
const members = {
  /**
   * Who must begin with a PROXY header: {trust, timeout, maxHeader, versions}; undefined: nobody. Set
   * it before listen().
   */
  get proxy() {
    return this._proxy;
  },
  set proxy(value) {
    this._proxy = require('internal/net/proxy').validateRule(value);
  },

  /**
   * The keys of session tickets that `ticketKeys` of a file or a secret gave.
   * @returns {{name: string, age: number, seals: boolean}[]} name: the first bytes of its, as hex; age:
   *     ms since this process has it; seals: whether new tickets are sealed with it
   */
  ticketKeys() {
    return this._ticketSource()?.list() ?? [];
  },

  /**
   * Leaves: goes on accepting for a while so that load balancers look elsewhere, then ends
   * listening, and the connections one after another. `goaway` of a socket is its turn.
   * @param {{grace?: number, jitter?: number, deadline?: number, close?: 'end'|'reset',
   *     signal?: AbortSignal}} [options] times in ms; deadline is from now, jitter from the end of grace
   * @returns {Promise<{closed: number, ended: number, forced: number, ms: number}>} once all have
   *     ended: how many by themselves, by the server, and at the deadline
   */
  drain(options) {
    return require('internal/net/drain').drain(this, options);
  },

  /**
   * Serves /live and /ready by HTTP, for Kubernetes and load balancers, from a thread that waits for
   * no task, until the server closes. A failure is thrown.
   * @param {{host?: string, port: number, ready?: number, live?: number}} options host: an IP address,
   *     127.0.0.1 if not told; ready, live: ms that a turn of the loop may last, 5000 and 30000
   * @returns {{address: string, port: number}}
   */
  health(options) {
    return require('internal/net/health').health(this, options);
  },

  /**
   * Answers HAProxy's agent-check: whether the server is ready, drains or is down, and how much it can
   * take; else as health().
   * @param {{host?: string, port: number, weight?: () => number, balancers?: number}} options weight:
   *     0 to 100, by the load if not told; balancers: how many share maxConnections
   * @returns {{address: string, port: number}}
   */
  agent(options) {
    return require('internal/net/health').agent(this, options);
  },

  /** Whether drain() goes on. */
  get draining() {
    return this._drain !== null;
  },
};

module.exports = { members };
