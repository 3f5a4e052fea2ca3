// Runs a WASI module in V8, which knows both encodings of exceptions: node.mjs MODULE ARGUMENTS...
import { readFile } from 'node:fs/promises';
import { argv, exit } from 'node:process';
import { WASI } from 'node:wasi';

// An exit must not come as an exception of JavaScript's: handlers would see it.
const wasi = new WASI({
    version: 'preview1', args: argv.slice(2), env: {}, preopens: { '.': '.' }, returnOnExit: false,
});
const module = await WebAssembly.compile(await readFile(argv[2]));
exit(wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject())));
