'use strict';
// How many bits of colour a terminal has, by the names that environments give: of terminals, and of
// services that show what a build prints.
const [NONE, FEW, MANY, ALL] = [1, 4, 8, 24];

const SERVICES = {
  APPVEYOR: MANY,
  BUILDKITE: MANY,
  CIRCLECI: ALL,
  DRONE: MANY,
  GITEA_ACTIONS: ALL,
  GITHUB_ACTIONS: ALL,
  GITLAB_CI: MANY,
  TRAVIS: MANY,
};
const PROGRAMS = { __proto__: null, HyperTerm: ALL, MacTerm: ALL, Apple_Terminal: MANY };
const FULL = ['mosh', 'terminator', 'rxvt-unicode-24bit', 'xterm-kitty'];
const SOME = [
  ...['cons25', 'console', 'cygwin', 'dtterm', 'eterm', 'gnome', 'hurd', 'jfbterm', 'konsole'],
  ...['kterm', 'mlterm', 'putty', 'st'],
];
const SOME_LIKE = /^(?:rxvt|screen|xterm|vt100|vt220|con\d*x\d)|ansi|color|linux|direct/;

const FORCED = { __proto__: null, '': FEW, 1: FEW, true: FEW, 2: MANY, 3: ALL };

function ofService(env) {
  const name = Object.keys(SERVICES).find((one) => one in env);
  return SERVICES[name] ?? (env.CI_NAME === 'codeship' ? MANY : NONE);
}

function ofProgram({ TERM_PROGRAM: program, TERM_PROGRAM_VERSION: version }) {
  if (program !== 'iTerm.app') return PROGRAMS[program];
  return !version || /^[0-2]\./.test(version) ? MANY : ALL;
}

function ofTerm(term) {
  if (/truecolor/.test(term) || FULL.includes(term)) return ALL;
  if (term.startsWith('xterm-256')) return MANY;
  const lower = term.toLowerCase();
  return SOME.includes(lower) || SOME_LIKE.test(lower) ? FEW : undefined;
}

/** @param {{ [name: string]: string }} env */
function colorDepth(env) {
  if (env.FORCE_COLOR !== undefined) return FORCED[env.FORCE_COLOR] ?? NONE;
  if (env.NODE_DISABLE_COLORS || env.NO_COLOR || env.TERM === 'dumb') return NONE;
  if (env.TMUX) return ALL;
  if ('TF_BUILD' in env && 'AGENT_NAME' in env) return FEW;
  if ('CI' in env) return ofService(env);
  if ('TEAMCITY_VERSION' in env)
    return /^(?:9\.0*[1-9]\d*\.|\d{2,}\.)/.test(env.TEAMCITY_VERSION) ? FEW : NONE;
  const program = ofProgram(env);
  if (program !== undefined) return program;
  if (/^(?:truecolor|24bit)$/.test(env.COLORTERM ?? '')) return ALL;
  return ofTerm(env.TERM ?? '') ?? (env.COLORTERM ? FEW : NONE);
}

module.exports = { colorDepth };
