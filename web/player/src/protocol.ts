/** What a page and the Worker with the computer say to each other. */
import type { Assembled, Engine } from './computer';

/** Something that happens to the program from outside; docs/script.md has the same as text. */
export type Input =
  | { kind: 'key'; byte: number }
  | { kind: 'press' | 'release'; button: number; pad: number }
  | { kind: 'mouse-move'; x: number; y: number }
  | { kind: 'mouse-press' | 'mouse-release'; button: number }
  | { kind: 'scroll'; x: number; y: number }
  | { kind: 'input'; bytes: Uint8Array }
  | { kind: 'input-end' };

/** The bits of Controller/button. */
export const Button = {
  A: 0x01,
  B: 0x02,
  Select: 0x04,
  Start: 0x08,
  Up: 0x10,
  Down: 0x20,
  Left: 0x40,
  Right: 0x80,
} as const;
/** The bits of Mouse/state. */
export const MouseButton = { Left: 0x01, Middle: 0x02, Right: 0x04 } as const;

export type Stream = 'output' | 'error';
export type Files = Map<string, Uint8Array>;

export type EngineInfo = Engine;

/** What the program says of itself; empty where it says nothing. */
export interface About {
  title: string;
  description: string;
}

/** What is known of the program after everything that happens. */
export interface Status {
  running: boolean;
  /** System/state & 7f, once it has ended. */
  exitCode: number;
  usesSound: boolean;
  /** It draws a pointer of its own. */
  hidesPointer: boolean;
}

/** Width and height in pixels, RGBA row by row. */
export interface Frame {
  width: number;
  height: number;
  buffer: ArrayBuffer;
}

export type Question =
  | { what: 'save-state' }
  | { what: 'load-state'; bytes: Uint8Array }
  | { what: 'assemble'; files: Files; main: string }
  /** Runs a program to its end on an engine; the answer is the time it took in milliseconds. */
  | { what: 'race'; rom: Uint8Array; engine: string };

export interface Answers {
  'save-state': Uint8Array;
  'load-state': null;
  assemble: Assembled;
  race: { milliseconds: number; output: string };
}

export type ToWorker =
  | { type: 'start'; module: WebAssembly.Module; engine: string; jit: boolean }
  | { type: 'load'; id: string; rom: Uint8Array; args: string[]; files: Files }
  | { type: 'reboot'; hard: boolean }
  /** Time for that many frames. The buffer is one that has been shown, to be used again. */
  | { type: 'tick'; frames: number; buffer: ArrayBuffer | null }
  | { type: 'inputs'; inputs: Input[] }
  | { type: 'sound'; port: MessagePort }
  | { type: 'engine'; name: string }
  | { type: 'file'; path: string; bytes: Uint8Array | null }
  | { type: 'question'; id: number; question: Question };

export type FromWorker =
  | { type: 'started'; engines: EngineInfo[] }
  /** The computer cannot be built here at all. */
  | { type: 'failed'; message: string }
  | { type: 'loaded'; about: About | null; error: string }
  /** The answer to a tick, with the picture if it has changed. */
  | { type: 'ticked'; status: Status; frame: Frame | null }
  /** The same, without having been asked: after an input, say. */
  | { type: 'shown'; status: Status; frame: Frame | null }
  | { type: 'console'; stream: Stream; bytes: Uint8Array }
  /** Of the program that was loaded with this id. */
  | { type: 'file'; id: string; path: string; bytes: Uint8Array | null }
  | { type: 'answer'; id: number; value: unknown; error: string };
