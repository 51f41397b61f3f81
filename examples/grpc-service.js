// A gRPC service: a room where whoever is in it hears what the others say. Unary calls, a stream that the
// server sends, deadlines and errors; the definition is in a file that clients in other languages use too.
//
//   npm i @grpc/grpc-js @grpc/proto-loader
//   sluice examples/grpc-service.js          then: grpcurl -plaintext -proto examples/grpc-service.proto \
//                                              -d '{"name":"me","text":"hello"}' 127.0.0.1:50051 Room/Say
//   sluice examples/grpc-service.js --demo   two clients talk, and it ends
'use strict';
const path = require('path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const definition = loader.loadSync(path.join(__dirname, 'grpc-service.proto'));
const { Room } = grpc.loadPackageDefinition(definition);
const demo = process.argv.includes('--demo');

const listeners = new Set();

const implementation = {
  say(call, done) {
    const { name, text } = call.request;
    if (text === '') {
      done({ code: grpc.status.INVALID_ARGUMENT, details: 'there is no text' });
      return;
    }
    for (const listener of listeners) listener.write({ name, text });
    done(null, { heard: listeners.size });
  },
  listen(call) {
    listeners.add(call);
    call.on('cancelled', () => listeners.delete(call));
    call.sendMetadata(new grpc.Metadata()); // tells that it has begun
  },
};

const server = new grpc.Server();
server.addService(Room.service, implementation);
const insecure = grpc.ServerCredentials.createInsecure();
server.bindAsync(`127.0.0.1:${demo ? 0 : 50051}`, insecure, (error, port) => {
  if (error) throw error;
  if (demo) talk(port);
  else console.log(`listening on port ${port}`);
});

function talk(port) {
  const connect = () => new Room(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const [hearer, speaker] = [connect(), connect()];
  const deadline = () => ({ deadline: Date.now() + 10000 });
  const stream = hearer.listen({});
  stream.on('error', (error) => console.log('the stream ends:', grpc.status[error.code]));
  stream.on('metadata', () => {
    speaker.say({ name: 'first', text: 'hello' }, deadline(), (error, answer) => {
      console.log('heard by', answer.heard);
      speaker.say({ name: 'first', text: '' }, deadline(), (refused) => {
        console.log('refused:', refused.details);
        stream.cancel();
        hearer.close();
        speaker.close();
        server.tryShutdown(() => console.log('the server has ended'));
      });
    });
  });
  stream.on('data', ({ name, text }) => console.log(`${name} says ${text}`));
}
