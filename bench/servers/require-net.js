// What it takes to start with the module, and end.
require('net');
