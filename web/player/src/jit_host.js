// @ts-check
// What makes functions of the modules that the engine `jit` writes: src/uxn/jit/wasm/compile.cpp.
// JavaScript, since Node reads it as it is, to run the tests of the engines.

/**
 * The imports `leveret_jit` of a WebAssembly instance.
 * @param {() => { memory: WebAssembly.Memory, table: WebAssembly.Table } | null} shared what the
 *   modules get of that instance; null, or a browser that refuses to compile: there is no compiler
 */
export function jitHost(shared) {
  /** @type {number[]} places in the table that are free again */
  const free = [];
  return {
    /**
     * @param {number} at the module's bytes
     * @param {number} size
     * @returns {number} its function's place in the table, or 0
     */
    compile(at, size) {
      const instance = shared();
      if (instance === null) {
        return 0;
      }
      const { memory, table } = instance;
      try {
        const module = new WebAssembly.Module(new Uint8Array(memory.buffer, at, size));
        const { exports } = new WebAssembly.Instance(module, { e: { m: memory, t: table } });
        const place = free.pop() ?? table.grow(1);
        table.set(place, exports.f);
        return place;
      } catch {
        return 0;
      }
    },
    /** @param {number} place */
    release(place) {
      shared()?.table.set(place, null);
      free.push(place);
    },
  };
}
