'use strict';
// Tasks for tests: code in a task, and what becomes of it.
const path = require('path');

/** Starts a task that runs code. */
function run(code) {
  return new Task(path.join(__dirname, 'fixtures/program.js'), code);
}

/** The exit code of a task, once it has ended. */
function ended(task) {
  return new Promise((resolve) => {
    const { cancel } = task;
    cancel.call(task, (id, code) => resolve(code));
  });
}

/** The next message: {message, from, addition}. */
function message() {
  return new Promise((resolve) => {
    Task.once('message', (text, from, addition) => resolve({ message: text, from, addition }));
  });
}

module.exports = { run, ended, message };
