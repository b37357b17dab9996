// The template of `leveret export web`: one HTML file that has everything but a program.
import { join } from 'node:path';
import { defineConfig } from 'vite';
import { packedWasm } from '../player/packed_wasm_plugin.ts';
import { oneFile } from './one_file_plugin.ts';

const root = import.meta.dirname;
const project = join(root, '../..');

export default defineConfig({
  root,
  base: './',
  publicDir: false,
  plugins: [packedWasm(join(project, 'build/web/leveret.wasm')), oneFile('player.html')],
  // No module: pages from disk may not start one from a Blob.
  worker: { format: 'iife' },
  build: {
    outDir: join(project, 'build/web'),
    emptyOutDir: false,
    target: 'es2022',
    modulePreload: { polyfill: false },
    rolldownOptions: { input: join(root, 'standalone.html') },
  },
});
