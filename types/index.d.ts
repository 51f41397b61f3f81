// Types of sluice: Node's, by the package @types/node, and here what sluice adds to them.
// docs/node-api-absent.md names what @types/node declares and sluice does not have.
//
//   npm i -D typescript @types/node
//   tsconfig.json: { "compilerOptions": { "types": ["node", "./path/to/sluice/types"] } }

/// <reference types="node" />
/// <reference path="./net.d.ts" />
/// <reference path="./node.d.ts" />
/// <reference path="./metrics.d.ts" />
/// <reference path="./sim.d.ts" />
/// <reference path="./socket.d.ts" />
/// <reference path="./http2.d.ts" />
/// <reference path="./sys.d.ts" />
/// <reference path="./iosched.d.ts" />
/// <reference path="./dns.d.ts" />
/// <reference path="./task.d.ts" />
/// <reference path="./tls.d.ts" />
/// <reference path="./globals.d.ts" />
