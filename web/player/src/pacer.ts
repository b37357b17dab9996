/** How many frames are due: 60 a second on average, whatever the monitor does. */
export class Pacer {
  static readonly kFrameRate = 60;
  /** After a longer pause (a hidden page, a sleeping computer) the program goes on from there. */
  static readonly kLongestMs = 250;

  /** Factor: 1 is the program's own speed. */
  speed = 1;
  #last: number | null = null;
  #owed = 0;

  /** now: milliseconds. */
  due(now: number): number {
    if (this.#last === null) {
      this.#last = now;
      return 0;
    }
    const elapsed = Math.min(Math.max(now - this.#last, 0), Pacer.kLongestMs);
    this.#last = now;
    this.#owed += (elapsed / 1000) * Pacer.kFrameRate * this.speed;
    // The nearest number: where the monitor has 60 Hz too, each picture of it is a frame.
    const frames = Math.round(this.#owed);
    this.#owed -= frames;
    return frames;
  }

  /** Time begins anew. */
  restart() {
    this.#last = null;
    this.#owed = 0;
  }
}
