// A task of tasks.js: it says that it is there, and stays.
if (ARGUMENT.module !== '') require(ARGUMENT.module);
Task.on('message', () => {});
Task.send(Task.parent(), 'here');
