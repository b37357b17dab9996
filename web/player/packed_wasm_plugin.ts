/** The WebAssembly module as text in a script: compressed, then in base64. */
import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import type { Plugin } from 'vite';

const kName = 'virtual:packed-wasm';

export function packedWasm(wasm: string): Plugin {
  return {
    name: 'leveret-packed-wasm',
    resolveId: (id) => (id === kName ? `\0${kName}` : null),
    load(id) {
      if (id !== `\0${kName}`) {
        return null;
      }
      this.addWatchFile(wasm);
      const packed = deflateRawSync(readFileSync(wasm), { level: 9 });
      return `export default '${packed.toString('base64')}';\n`;
    },
  };
}
