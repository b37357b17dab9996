/** The player for any page, all in one file: importing it defines `<leveret-player>`. */
import wasm from '../../../build/web/leveret.wasm?url&inline';
import { define, LeveretElement } from './define';
import soundModule from './sound_worklet.js?raw';
import InlineWorker from './worker?worker&inline';

function bytesOf(dataUrl: string): ArrayBuffer {
  const binary = atob(dataUrl.slice(dataUrl.indexOf(',') + 1));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0)).buffer;
}

export const LeveretPlayer = define({
  worker: () => new InlineWorker(),
  wasm: () => bytesOf(wasm),
  soundModule: () => URL.createObjectURL(new Blob([soundModule], { type: 'text/javascript' })),
});
export type LeveretPlayer = LeveretElement;

export type { Assembled, Diagnostic } from './computer';
export type { PlayerEventMap, Program } from './element';
export type { LoadOptions } from './player';
export { Button, MouseButton } from './protocol';
export type { About, EngineInfo, Files, Input, Stream } from './protocol';
