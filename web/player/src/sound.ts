/** The way of the sound from a Worker to the loudspeakers. */
export class Sound {
  static readonly kRate = 44100;

  readonly #module: string;
  readonly #complain: (message: string) => void;
  #context: AudioContext | null = null;
  #gain: GainNode | null = null;
  #node: AudioWorkletNode | null = null;
  #failed = false;
  #resuming = false;
  #volume = 1;

  /** module: the address of sound_worklet.js. complain: is told once if there is no sound. */
  constructor(module: string, complain: (message: string) => void) {
    this.#module = module;
    this.#complain = complain;
  }

  /** A port for the Worker that mixes; it takes the place of the one before. Null: nobody listens yet. */
  connect(): MessagePort | null {
    if (this.#node === null) {
      return null;
    }
    const { port1, port2 } = new MessageChannel();
    this.#node.port.postMessage(port1, [port1]);
    return port2;
  }

  /**
   * To be called when the user does something: browsers play nothing before. True: it can be heard
   * from now on, and wants to be connected.
   */
  async resume(): Promise<boolean> {
    if (this.#failed || this.#resuming || this.#context?.state === 'running') {
      return false;
    }
    this.#resuming = true;
    try {
      const first = this.#context === null;
      this.#context ??= await this.#open();
      await this.#context.resume();
      return first;
    } catch (error) {
      this.#failed = true;
      this.#complain(`There is no sound: ${error instanceof Error ? error.message : error}`);
      return false;
    } finally {
      this.#resuming = false;
    }
  }

  async #open(): Promise<AudioContext> {
    if (typeof AudioContext === 'undefined') {
      throw new Error('this browser cannot play it');
    }
    const context = new AudioContext({ sampleRate: Sound.kRate, latencyHint: 'interactive' });
    if (context.audioWorklet === undefined) {
      throw new Error('this browser has no AudioWorklet, or the page was not fetched over HTTPS');
    }
    this.#gain = new GainNode(context, { gain: this.#volume });
    this.#gain.connect(context.destination);
    await context.audioWorklet.addModule(this.#module);
    this.#node = new AudioWorkletNode(context, 'leveret-sound', {
      numberOfInputs: 0,
      outputChannelCount: [2],
    });
    this.#node.connect(this.#gain);
    return context;
  }

  /** From 0 to 1. */
  set volume(volume: number) {
    this.#volume = volume;
    if (this.#gain !== null) {
      this.#gain.gain.value = volume;
    }
  }

  close() {
    void this.#context?.close().catch(() => {});
    this.#context = null;
    this.#node = null;
    this.#failed = true;
  }
}
