/** The player's parts as files beside the page, as a strict content security policy wants them. */
import wasm from '../../../build/web/leveret.wasm?url&no-inline';
import { fetchMachine } from '../../player/src/machine';
import type { Assets } from '../../player/src/player';
import soundModule from '../../player/src/sound_worklet.js?url&no-inline';
import ComputerWorker from '../../player/src/worker?worker';

let machine: Promise<WebAssembly.Module> | null = null;
let prepared: Worker | null = null;

export const kParts: Assets = {
  worker: () => {
    const worker = prepared ?? new ComputerWorker();
    prepared = null;
    return worker;
  },
  machine: () => (machine ??= fetchMachine(wasm)),
  soundModule: () => soundModule,
};

/** Begins to load what will be asked for first. */
export function prepareParts() {
  kParts.machine().catch(() => {}); // whoever asks for it is told
  try {
    prepared = new ComputerWorker();
  } catch {
    // Likewise.
  }
}
