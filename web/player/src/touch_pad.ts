/**
 * Buttons on the screen for those who have no others. Fingers may slide from one to the next and hold
 * several; between two directions both are held. A, B and Select stay down after a double tap, as the
 * Control, Alt and Shift keys that programs take them for, until the next tap.
 */
import { Button } from './protocol';

const kSticky = Button.A | Button.B | Button.Select;
const kDoubleTapMs = 350;
/** Of the radius: so near the middle, no direction is meant. */
const kMiddle = 0.25;

const kNames: [number, string, string][] = [
  [Button.Select, 'select', 'Select'],
  [Button.Start, 'start', 'Start'],
  [Button.B, 'b', 'B'],
  [Button.A, 'a', 'A'],
];
const kArrows: [number, string, string][] = [
  [Button.Up, 'up', 'Up'],
  [Button.Left, 'left', 'Left'],
  [Button.Right, 'right', 'Right'],
  [Button.Down, 'down', 'Down'],
];

export class TouchPad {
  readonly directions: HTMLElement;
  readonly buttons: HTMLElement;
  readonly #change: (held: number) => void;
  /** What each finger holds. */
  #fingers = new Map<number, number>();
  #sticky = 0;
  #lastTap = { button: 0, time: 0 };
  #elements = new Map<number, HTMLElement>();

  /** change: is told what is held whenever that changes. */
  constructor(change: (held: number) => void) {
    this.#change = change;
    this.directions = this.#group('directions', 'Directions', kArrows);
    this.buttons = this.#group('buttons', 'Buttons', kNames);
    this.#listen(this.directions, (event) => this.#directionAt(event));
    this.#listen(this.buttons, (event) => this.#buttonAt(event));
  }

  letGo() {
    this.#fingers.clear();
    this.#sticky = 0;
    this.#tell();
  }

  #group(name: string, label: string, buttons: [number, string, string][]): HTMLElement {
    const group = document.createElement('div');
    group.className = `pad ${name}`;
    group.setAttribute('part', `pad ${name}`);
    group.setAttribute('role', 'group');
    group.setAttribute('aria-label', label);
    for (const [button, part, title] of buttons) {
      const element = document.createElement('button');
      element.type = 'button';
      element.className = part;
      element.tabIndex = -1; // these are for fingers; keyboards have keys
      element.setAttribute('aria-label', title);
      element.setAttribute('aria-pressed', 'false');
      if (group.className.includes('buttons')) {
        element.textContent = title;
      }
      this.#elements.set(button, element);
      group.append(element);
    }
    return group;
  }

  #listen(group: HTMLElement, heldAt: (event: PointerEvent) => number) {
    group.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      group.setPointerCapture(event.pointerId);
      const held = heldAt(event);
      this.#fingers.set(event.pointerId, held);
      this.#tap(held, event.timeStamp);
      this.#tell();
    });
    group.addEventListener('pointermove', (event) => {
      if (this.#fingers.has(event.pointerId)) {
        this.#fingers.set(event.pointerId, heldAt(event));
        this.#tell();
      }
    });
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
      group.addEventListener(end, (event) => {
        if (this.#fingers.delete(event.pointerId)) {
          this.#tell();
        }
      });
    }
    group.addEventListener('contextmenu', (event) => event.preventDefault());
  }

  #tap(button: number, time: number) {
    if ((button & kSticky) === 0) {
      return;
    }
    if ((this.#sticky & button) !== 0) {
      this.#sticky &= ~button;
      this.#lastTap = { button: 0, time: 0 };
    } else if (this.#lastTap.button === button && time - this.#lastTap.time < kDoubleTapMs) {
      this.#sticky |= button;
    } else {
      this.#lastTap = { button, time };
    }
  }

  #tell() {
    let held = this.#sticky;
    for (const buttons of this.#fingers.values()) {
      held |= buttons;
    }
    for (const [button, element] of this.#elements) {
      element.setAttribute('aria-pressed', String((held & button) !== 0));
      element.classList.toggle('sticky', (this.#sticky & button) !== 0);
    }
    this.#change(held);
  }

  #directionAt(event: PointerEvent): number {
    const box = this.directions.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width - 0.5;
    const y = (event.clientY - box.top) / box.height - 0.5;
    if (Math.hypot(x, y) < kMiddle / 2) {
      return 0;
    }
    // Eight sectors; in every other one, two directions.
    const sector = Math.round(Math.atan2(y, x) / (Math.PI / 4)) & 7;
    const { Right, Down, Left, Up } = Button;
    return [Right, Right | Down, Down, Down | Left, Left, Left | Up, Up, Up | Right][sector]!;
  }

  #buttonAt(event: PointerEvent): number {
    for (const [button, , ] of kNames) {
      const box = this.#elements.get(button)!.getBoundingClientRect();
      const inside =
        event.clientX >= box.left &&
        event.clientX < box.right &&
        event.clientY >= box.top &&
        event.clientY < box.bottom;
      if (inside) {
        return button;
      }
    }
    return 0;
  }
}
