/** The player's parts inside of its one file, for pages that have nothing beside it. */
import wasm from 'virtual:packed-wasm';
import type { Assets } from './player';
import soundModule from './sound_worklet.js?raw';
import InlineWorker from './worker?worker&inline';

let soundAddress = '';

export const kInlineParts: Assets = {
  worker: () => new InlineWorker(),
  wasm: () => Uint8Array.from(atob(wasm), (character) => character.charCodeAt(0)).buffer,
  soundModule: () => {
    soundAddress ||= URL.createObjectURL(new Blob([soundModule], { type: 'text/javascript' }));
    return soundAddress;
  },
};
