/**
 * Turns what a user does at a page into what happens to a computer: the keys and buttons of
 * docs/keys.md, the mouse, game pads.
 */
import { Button, type Input, MouseButton } from './protocol';

const kButtons: Record<string, number> = {
  ControlLeft: Button.A,
  AltLeft: Button.B,
  ShiftLeft: Button.Select,
  Home: Button.Start,
  ArrowUp: Button.Up,
  ArrowDown: Button.Down,
  ArrowLeft: Button.Left,
  ArrowRight: Button.Right,
};

const kControlCharacters: Record<string, number> = {
  Backspace: 0x08,
  Tab: 0x09,
  Enter: 0x0d,
  Escape: 0x1b,
  Delete: 0x7f,
};

/** Buttons of the standard layout, and the left stick: docs/keys.md. */
const kPadButtons: Record<number, number> = {
  0: Button.A,
  1: Button.B,
  2: Button.Select,
  3: Button.Start,
  8: Button.Select,
  9: Button.Start,
  12: Button.Up,
  13: Button.Down,
  14: Button.Left,
  15: Button.Right,
};
const kTilted = 0.5;
const kPads = 4;

/** Keys that type a text, in UTF-8; the end of a line is Enter, other control characters are left out. */
export function typing(text: string): Input[] {
  const plain = text.replace(/\r\n?|\n/g, '\r');
  const bytes = new TextEncoder().encode(plain);
  return [...bytes]
    .filter((byte) => byte === 0x0d || byte === 0x09 || (byte >= 0x20 && byte !== 0x7f))
    .map((byte) => ({ kind: 'key', byte }));
}

export function keyNamed(name: string): Input[] {
  const byte = kControlCharacters[name];
  return byte === undefined ? [] : [{ kind: 'key', byte }];
}

/** The buttons of one source, by what is held. */
function changes(before: number, now: number, pad: number): Input[] {
  const inputs: Input[] = [];
  for (let button = 1; button < 0x100; button <<= 1) {
    if (((before ^ now) & button) !== 0) {
      inputs.push({ kind: (now & button) !== 0 ? 'press' : 'release', button, pad });
    }
  }
  return inputs;
}

export class Controls {
  #held = 0;
  #mouse = 0;
  #x = -1;
  #y = -1;
  #pads = [0, 0, 0, 0];
  #touched = 0;
  #wheelX = 0;
  #wheelY = 0;

  /** Null: no business of the program's, or one that comes as text later. */
  keyDown(event: KeyboardEvent): Input[] | null {
    const button = kButtons[event.code] ?? kButtons[event.key];
    if (event.metaKey || event.isComposing) {
      return null;
    }
    if (button !== undefined) {
      this.#held |= button;
      return [{ kind: 'press', button, pad: 0 }];
    }
    const control = keyNamed(event.key);
    if (control.length > 0) {
      return control;
    }
    return [...event.key].length === 1 ? typing(event.key) : null;
  }

  keyUp(event: KeyboardEvent): Input[] {
    const button = kButtons[event.code] ?? kButtons[event.key];
    if (button === undefined || (this.#held & button) === 0) {
      return [];
    }
    this.#held &= ~button;
    return [{ kind: 'release', button, pad: 0 }];
  }

  /** x, y: the picture's pixel under the pointer. buttons: as in PointerEvent. */
  mouse(x: number, y: number, buttons: number): Input[] {
    const inputs: Input[] = [];
    if (x !== this.#x || y !== this.#y) {
      this.#x = x;
      this.#y = y;
      inputs.push({ kind: 'mouse-move', x, y });
    }
    const now =
      ((buttons & 1) !== 0 ? MouseButton.Left : 0) |
      ((buttons & 4) !== 0 ? MouseButton.Middle : 0) |
      ((buttons & 2) !== 0 ? MouseButton.Right : 0);
    for (const button of Object.values(MouseButton)) {
      if (((now ^ this.#mouse) & button) !== 0) {
        inputs.push({ kind: (now & button) !== 0 ? 'mouse-press' : 'mouse-release', button });
      }
    }
    this.#mouse = now;
    return inputs;
  }

  /** x, y: lines of text, to the right and toward the user; what is left of them is kept. */
  wheel(x: number, y: number): Input[] {
    this.#wheelX += x;
    this.#wheelY += y;
    const whole = { x: Math.trunc(this.#wheelX), y: Math.trunc(this.#wheelY) };
    this.#wheelX -= whole.x;
    this.#wheelY -= whole.y;
    return whole.x === 0 && whole.y === 0 ? [] : [{ kind: 'scroll', ...whole }];
  }

  /** Game pads; to be called once a frame, as browsers tell nothing by themselves. */
  gamepads(pads: readonly (Gamepad | null)[]): Input[] {
    const inputs: Input[] = [];
    for (let i = 0; i < kPads; ++i) {
      const now = heldOn(pads[i] ?? null);
      inputs.push(...changes(this.#pads[i]!, now, i));
      this.#pads[i] = now;
    }
    return inputs;
  }

  /** The buttons on the screen that are held now. */
  touch(buttons: number): Input[] {
    const inputs = changes(this.#touched, buttons, 0);
    this.#touched = buttons;
    return inputs;
  }

  /** The keyboard has gone elsewhere: lets go of everything but game pads. */
  letGo(): Input[] {
    const inputs = [...changes(this.#held, 0, 0), ...this.touch(0), ...this.mouse(this.#x, this.#y, 0)];
    this.#held = 0;
    return inputs;
  }
}

function heldOn(pad: Gamepad | null): number {
  if (pad === null || !pad.connected) {
    return 0;
  }
  let held = 0;
  for (const [index, button] of Object.entries(kPadButtons)) {
    if (pad.buttons[Number(index)]?.pressed) {
      held |= button;
    }
  }
  const [x = 0, y = 0] = pad.axes;
  held |= x < -kTilted ? Button.Left : x > kTilted ? Button.Right : 0;
  held |= y < -kTilted ? Button.Up : y > kTilted ? Button.Down : 0;
  return held;
}
