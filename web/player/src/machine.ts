/** The machine, compiled: once for all Workers of a page, and off its main thread. */
import { fromBase64 } from './base64';

function complaint(error: unknown): Error {
  const text = error instanceof Error ? error.message : String(error);
  return text.includes('unsafe-eval')
    ? new Error("The content security policy of this page forbids WebAssembly: script-src needs 'wasm-unsafe-eval'.")
    : new Error(`This browser cannot run the machine: ${text}`);
}

/** Errors: with a message for people. */
export async function fetchMachine(address: string): Promise<WebAssembly.Module> {
  let response: Response;
  try {
    response = await fetch(address);
  } catch {
    throw new Error('The machine could not be fetched: there is no network.');
  }
  if (!response.ok) {
    throw new Error(`The machine could not be fetched: ${response.status} ${response.statusText}`);
  }
  try {
    // Where the server says what it is, compiling goes along with the download.
    const type = response.headers.get('Content-Type') ?? '';
    return type.startsWith('application/wasm')
      ? await WebAssembly.compileStreaming(response)
      : await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    throw complaint(error);
  }
}

/** packed: leveret.wasm, compressed (deflate-raw), in base64. Errors: with a message for people. */
export async function unpackMachine(packed: string): Promise<WebAssembly.Module> {
  try {
    const stream = new Blob([fromBase64(packed)]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    return await WebAssembly.compile(await new Response(stream).arrayBuffer());
  } catch (error) {
    throw complaint(error);
  }
}
