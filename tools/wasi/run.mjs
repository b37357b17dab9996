// Runs a WASI program in Node: node run.mjs PROGRAM.wasm [ARGUMENTS...]
// It sees the files of the repository under their usual paths, and the environment.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { jitHost } from '../../web/player/src/jit_host.js';

// Node says of its WASI that it is experimental; of that, tests need not be told each time.
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') {
    console.error(warning);
  }
});
const { WASI } = await import('node:wasi');

const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const [program, ...args] = process.argv.slice(2);
const wasi = new WASI({
  version: 'preview1',
  args: [program, ...args],
  env: process.env,
  preopens: { [repository]: repository },
});
let shared = null;
const { instance } = await WebAssembly.instantiate(readFileSync(program), {
  ...wasi.getImportObject(),
  leveret_jit: jitHost(() => shared),
});
shared = {
  memory: instance.exports.memory,
  table: instance.exports.__indirect_function_table,
};
process.exitCode = wasi.start(instance);
