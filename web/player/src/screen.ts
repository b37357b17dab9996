/** The canvas: whole pixels of the monitor, as large as there is room for. */
import type { Frame } from './protocol';

/** What a computer shows before a program has said otherwise. */
const kSizeAtBoot = { width: 512, height: 320 };

export class Screen {
  readonly canvas: HTMLCanvasElement;
  readonly #stage: HTMLElement;
  readonly #context: CanvasRenderingContext2D | null;
  #zoom = 0;
  #blank = true;

  constructor(stage: HTMLElement) {
    this.#stage = stage;
    this.canvas = document.createElement('canvas');
    this.canvas.setAttribute('part', 'screen');
    this.canvas.width = kSizeAtBoot.width;
    this.canvas.height = kSizeAtBoot.height;
    this.#context = this.canvas.getContext('2d', { alpha: false });
    stage.append(this.canvas);
    new ResizeObserver(() => this.place()).observe(stage);
  }

  /** Each pixel is that many by that many of the monitor's; 0: as many as there is room for. */
  set zoom(zoom: number) {
    this.#zoom = zoom;
    this.place();
  }

  /** Nothing but one colour has been shown since `clear`. */
  get blank(): boolean {
    return this.#blank;
  }

  /** The picture is shown before this returns. */
  show({ width, height, buffer }: Frame): ImageData {
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.place();
    }
    if (this.#blank) {
      const pixels = new Uint32Array(buffer);
      this.#blank = pixels.every((pixel) => pixel === pixels[0]);
    }
    const picture = new ImageData(new Uint8ClampedArray(buffer), width, height);
    this.#context?.putImageData(picture, 0, 0);
    return picture;
  }

  clear() {
    this.#blank = true;
    this.#context?.fillRect(0, 0, this.canvas.width, this.canvas.height);
  }

  place() {
    const { width, height } = this.canvas;
    const ratio = window.devicePixelRatio || 1;
    const room = {
      width: Math.floor(this.#stage.clientWidth * ratio),
      height: Math.floor(this.#stage.clientHeight * ratio),
    };
    if (room.width === 0 || room.height === 0) {
      return;
    }
    const fitting = Math.min(room.width / width, room.height / height);
    // Where not even one pixel for each is there, all of it smaller beats a part of it.
    const zoom = Math.min(fitting, this.#zoom || Infinity);
    const scale = zoom >= 1 ? Math.floor(zoom) : zoom;
    this.canvas.classList.toggle('shrunk', scale < 1);
    const inPixels = (pixels: number) => `${pixels / ratio}px`;
    const style = this.canvas.style;
    style.width = inPixels(width * scale);
    style.height = inPixels(height * scale);
    style.left = inPixels(Math.floor((room.width - width * scale) / 2));
    style.top = inPixels(Math.floor((room.height - height * scale) / 2));
  }

  /** The picture's pixel under a point of the page, or the nearest one. */
  pixelAt(event: { clientX: number; clientY: number }): { x: number; y: number } {
    const box = this.canvas.getBoundingClientRect();
    const inside = (at: number, size: number) => Math.min(Math.max(Math.floor(at), 0), size - 1);
    return {
      x: inside(((event.clientX - box.left) / box.width) * this.canvas.width, this.canvas.width),
      y: inside(((event.clientY - box.top) / box.height) * this.canvas.height, this.canvas.height),
    };
  }
}
