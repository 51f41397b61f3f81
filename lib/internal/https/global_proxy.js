'use strict';
// http.setGlobalProxyFromEnv(): requests that name no agent, and fetch(), go by the proxies of an environment.
const http = require('http');
const https = require('https');
const { validateObject } = require('internal/errors/validators');
const { kProxy, makeGlobalAgent } = require('internal/http/agent');
const proxied = require('internal/process/proxied');

function set(env, agent, secureAgent) {
  http.globalAgent = agent;
  https.globalAgent = secureAgent;
  proxied.env = env;
  proxied.changed(proxied);
}

/** @param {object} env variables @returns {() => void} that has all as it was */
function setGlobalProxy(env) {
  validateObject(env, 'proxyEnv');
  const before = [proxied.env, http.globalAgent, https.globalAgent];
  const [agent, secureAgent] = [http, https].map(({ Agent }) => makeGlobalAgent(Agent, env));
  set(
    env,
    agent[kProxy] ? agent : http.globalAgent,
    secureAgent[kProxy] ? secureAgent : https.globalAgent,
  );
  return () => set(...before);
}

module.exports = { setGlobalProxy };
