/**
 * The Worker in which a computer runs, so that no program can freeze a page. It does what messages
 * say, one after the other, and keeps no time: a tick says how many frames are due.
 */
import { Computer } from './computer';
import type { Answers, Frame, FromWorker, Input, Question, Status, Stream, ToWorker } from './protocol';

const scope = self as unknown as {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
};

const kSoundRate = 44100;
const kFrameRate = 60;
/** Frames that are not done after this time are left out: the program is too slow, not the page. */
const kTickTimeMs = 25;
/** How much the program prints, or how long it goes on, before that is sent while it runs. */
const kConsoleBytes = 16384;
const kConsoleTimeMs = 30;

let module: WebAssembly.Module;
let computer: Computer | null = null;
/** One that has never had a program. */
let fresh: Computer | null = null;
/** What the page calls the program. */
let program = '';
let engine = 'auto';
let jit = true;
let sound: MessagePort | null = null;
let spare: ArrayBuffer | null = null;
let shown = true;

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

// --- what the program writes ---------------------------------------------------------------------

let printed: Uint8Array[] = [];
let printedBytes = 0;
let printedTo: Stream = 'output';
let printedAt = 0;

function flush() {
  printedAt = performance.now();
  if (printedBytes === 0) {
    return;
  }
  const bytes = new Uint8Array(printedBytes);
  let at = 0;
  for (const part of printed) {
    bytes.set(part, at);
    at += part.length;
  }
  printed = [];
  printedBytes = 0;
  scope.postMessage({ type: 'console', stream: printedTo, bytes }, [bytes.buffer]);
}

function print(stream: Stream, bytes: Uint8Array) {
  if (stream !== printedTo) {
    flush();
    printedTo = stream;
  }
  printed.push(bytes);
  printedBytes += bytes.length;
  if (printedBytes >= kConsoleBytes || performance.now() - printedAt >= kConsoleTimeMs) {
    flush();
  }
}

function create(): Promise<Computer> {
  return Computer.create(
    module,
    {
      console: print,
      // At once: the page ends this Worker when the program does not come back.
      fileChanged: (path, bytes) => scope.postMessage({ type: 'file', id: program, path, bytes }),
    },
    { audioRate: kSoundRate, jit },
  );
}

// --- what it shows and plays ---------------------------------------------------------------------

function status(of: Computer): Status {
  return {
    running: of.running,
    exitCode: of.exitCode,
    usesSound: of.usesSound,
    hidesPointer: of.wantsMouseCursor === false,
  };
}

/** A copy of the picture, if it is not the one that the page has. */
function frame(of: Computer): Frame | null {
  const { width, height, pixels, changed } = of.picture();
  if ((!changed && shown) || width === 0 || height === 0) {
    return null;
  }
  shown = true;
  const bytes = spare !== null && spare.byteLength === pixels.length ? spare : new ArrayBuffer(pixels.length);
  spare = null;
  new Uint8ClampedArray(bytes).set(pixels);
  return { width, height, buffer: bytes };
}

function report(type: 'ticked' | 'shown') {
  flush();
  if (computer === null) {
    return;
  }
  const picture = frame(computer);
  scope.postMessage(
    { type, status: status(computer), frame: picture },
    picture === null ? [] : [picture.buffer],
  );
}

function tick(frames: number) {
  if (computer === null) {
    return;
  }
  const end = performance.now() + kTickTimeMs;
  for (let i = 0; i < frames && computer.running; ++i) {
    computer.frame();
    // Also where nobody listens: it is by this that a note comes to its end.
    if (computer.usesSound) {
      const samples = computer.mix(kSoundRate / kFrameRate);
      sound?.postMessage(samples, [samples.buffer]);
    }
    if (performance.now() > end) {
      break;
    }
  }
}

// --- what happens to it --------------------------------------------------------------------------

function happen(to: Computer, input: Input) {
  switch (input.kind) {
    case 'key':
      return to.key(input.byte);
    case 'press':
      return to.press(input.button, input.pad);
    case 'release':
      return to.release(input.button, input.pad);
    case 'mouse-move':
      return to.mouseMove(input.x, input.y);
    case 'mouse-press':
      return to.mousePress(input.button);
    case 'mouse-release':
      return to.mouseRelease(input.button);
    case 'scroll':
      return to.scroll(input.x, input.y);
    case 'input':
      return to.input(input.bytes);
    case 'input-end':
      return to.inputEnd();
  }
}

async function answer(question: Question): Promise<Answers[Question['what']]> {
  switch (question.what) {
    case 'save-state': {
      if (computer === null) {
        throw new Error('there is no program');
      }
      return computer.saveState();
    }
    case 'load-state': {
      computer ??= await create();
      computer.loadState(question.bytes);
      shown = false;
      report('shown');
      return null;
    }
    case 'assemble': {
      fresh ??= await create();
      return fresh.assemble(question.files, question.main);
    }
    case 'race':
      return race(question.rom, question.engine);
  }
}

async function race(rom: Uint8Array, name: string): Promise<Answers['race']> {
  let output = '';
  const decoder = new TextDecoder();
  const racer = await Computer.create(
    module,
    {
      console: (_, bytes) => {
        output += decoder.decode(bytes);
      },
      fileChanged: () => {},
    },
    { jit },
  );
  if (!racer.useEngine(name)) {
    throw new Error(`there is no engine '${name}' here`);
  }
  const start = performance.now();
  racer.load(rom);
  return { milliseconds: performance.now() - start, output };
}

async function start(machine: WebAssembly.Module) {
  module = machine;
  fresh = await create();
  scope.postMessage({ type: 'started', engines: fresh.engines() });
}

async function load(message: Extract<ToWorker, { type: 'load' }>) {
  computer = null;
  program = message.id;
  try {
    const next = fresh ?? (await create());
    fresh = null;
    next.useEngine(engine);
    for (const [path, bytes] of message.files) {
      next.writeFile(path, bytes);
    }
    const about = next.metadata(message.rom);
    computer = next;
    shown = false;
    next.load(message.rom, message.args);
    scope.postMessage({
      type: 'loaded',
      about: about && { title: about.name ?? '', description: about.description ?? '' },
      error: '',
    });
    report('shown');
  } catch (error) {
    computer = null;
    scope.postMessage({ type: 'loaded', about: null, error: reason(error) });
  }
}

async function handle(message: ToWorker) {
  switch (message.type) {
    case 'start':
      ({ engine, jit } = message);
      return start(message.module);
    case 'load':
      return load(message);
    case 'reboot':
      computer?.reboot(message.hard);
      return report('shown');
    case 'tick':
      spare = message.buffer ?? spare;
      tick(message.frames);
      return report('ticked');
    case 'inputs':
      for (const input of message.inputs) {
        if (computer !== null) {
          happen(computer, input);
        }
      }
      return report('shown');
    case 'sound':
      sound = message.port;
      return;
    case 'engine':
      engine = message.name;
      computer?.useEngine(engine);
      return;
    case 'file':
      if (message.bytes === null) {
        computer?.removeFile(message.path);
      } else {
        computer?.writeFile(message.path, message.bytes);
      }
      return;
    case 'question': {
      let value: unknown = null;
      let error = '';
      try {
        value = await answer(message.question);
      } catch (problem) {
        error = reason(problem) || 'it failed';
      }
      scope.postMessage({ type: 'answer', id: message.id, value, error });
    }
  }
}

// One message after the other, also where one has to wait for something.
let before: Promise<void> = Promise.resolve();
scope.onmessage = ({ data }) => {
  before = before
    .then(() => handle(data))
    .catch((error) => scope.postMessage({ type: 'failed', message: reason(error) }));
};
