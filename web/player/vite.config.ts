// The package: one module with everything in it. `tsc -p player` writes its types.
import { join } from 'node:path';
import { defineConfig } from 'vite';
import { packedWasm } from './packed_wasm_plugin.ts';

const root = import.meta.dirname;

export default defineConfig({
  root,
  plugins: [packedWasm(join(root, '../../build/web/leveret.wasm'))],
  // No module: pages from disk may not start one from a Blob.
  worker: { format: 'iife' },
  build: {
    target: 'es2022',
    outDir: join(root, 'dist'),
    lib: { entry: join(root, 'src/index.ts'), formats: ['es'], fileName: () => 'leveret-player.js' },
  },
});
