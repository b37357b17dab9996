// The end of the sound's way: what the Worker has mixed, played as it comes. Plain JavaScript, as it
// is loaded by itself. Chunks are Int16Array, interleaved stereo at the rate of the context.

/** Samples a side. What comes too early makes sound late; what comes too late would be a click. */
const kReserve = 2048;
const kMost = 8192;
const kFade = 128;

class LeveretSound extends AudioWorkletProcessor {
  constructor() {
    super();
    this.chunks = [];
    this.at = 0; // in the first chunk, samples a side
    this.waiting = 0;
    this.playing = false;
    this.loudness = 0; // 0 to 1: fades in and out, never jumps
    this.left = 0;
    this.right = 0;
    // Each Worker brings a port of its own.
    this.port.onmessage = ({ data }) => {
      this.chunks = [];
      this.at = 0;
      this.waiting = 0;
      data.onmessage = ({ data: samples }) => {
        this.chunks.push(samples);
        this.waiting += samples.length / 2;
      };
    };
  }

  take() {
    const chunk = this.chunks[0];
    this.left = chunk[2 * this.at] / 32768;
    this.right = chunk[2 * this.at + 1] / 32768;
    this.waiting -= 1;
    this.at += 1;
    if (2 * this.at === chunk.length) {
      this.chunks.shift();
      this.at = 0;
    }
  }

  process(_, [[left, right]]) {
    while (this.waiting > kMost) {
      this.waiting -= this.chunks.shift().length / 2 - this.at;
      this.at = 0;
    }
    this.playing ||= this.waiting >= kReserve;
    for (let i = 0; i < left.length; ++i) {
      this.playing &&= this.waiting > 0;
      if (this.playing) {
        this.take();
        this.loudness = Math.min(1, this.loudness + 1 / kFade);
      } else {
        this.loudness = Math.max(0, this.loudness - 1 / kFade);
      }
      left[i] = this.left * this.loudness;
      (right ?? left)[i] = this.right * this.loudness;
    }
    return true;
  }
}

registerProcessor('leveret-sound', LeveretSound);
