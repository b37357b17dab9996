/** The player's parts as files beside the page, as a strict content security policy wants them. */
import wasm from '../../../build/web/leveret.wasm?url&no-inline';
import type { Assets } from '../../player/src/player';
import soundModule from '../../player/src/sound_worklet.js?url&no-inline';
import ComputerWorker from '../../player/src/worker?worker';

export const kParts: Assets = {
  worker: () => new ComputerWorker(),
  wasm: () => new URL(wasm, location.href).href,
  soundModule: () => soundModule,
};
