// A task of tasks.js: it says that it is there, and stays.
if (ARGUMENT.needs !== '') require(ARGUMENT.needs);
Task.on('message', () => {});
Task.send(Task.parent(), 'here');
