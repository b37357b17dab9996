/** The player's parts inside of its one file, for pages that have nothing beside it. */
import wasm from 'virtual:packed-wasm';
import { unpackMachine } from './machine';
import type { Assets } from './player';
import soundModule from './sound_worklet.js?raw';
import InlineWorker from './worker?worker&inline';

let machine: Promise<WebAssembly.Module> | null = null;
let soundAddress = '';

export const kInlineParts: Assets = {
  worker: () => new InlineWorker(),
  machine: () => (machine ??= unpackMachine(wasm)),
  soundModule: () => {
    soundAddress ||= URL.createObjectURL(new Blob([soundModule], { type: 'text/javascript' }));
    return soundAddress;
  },
};
