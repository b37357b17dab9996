/** Links that hold a program: its source or its bytes, compressed, in the part that no server sees. */
import { fromBase64 } from '../../player/src/base64';

/** The most that a link unpacks to; a small one may unpack to anything. */
const kMostBytes = 4 << 20;
/** Longer links are cut by what people send them with. */
export const kLongestLink = 100_000;

async function through(bytes: Uint8Array, stream: GenericTransformStream, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  const reader = (new Blob([bytes as BlobPart]).stream().pipeThrough(stream) as ReadableStream<Uint8Array>).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      break;
    }
    size += value.length;
    if (size > most) {
      void reader.cancel();
      throw new Error('it unpacks to more than any program has');
    }
    parts.push(value);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export async function pack(bytes: Uint8Array): Promise<string> {
  const packed = await through(bytes, new CompressionStream('deflate-raw'), Infinity);
  let binary = '';
  for (const byte of packed) {
    binary += String.fromCharCode(byte);
  }
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Errors: what is wrong with it. */
export async function unpack(text: string): Promise<Uint8Array> {
  let packed: Uint8Array;
  try {
    packed = fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    throw new Error('it has characters that do not belong there');
  }
  try {
    return await through(packed, new DecompressionStream('deflate-raw'), kMostBytes);
  } catch (error) {
    throw error instanceof TypeError ? new Error('a part of it is missing or was changed') : error;
  }
}

/** What a link to this page asks for. */
export type Wanted =
  | { what: 'nothing' }
  | { what: 'demo'; name: string }
  | { what: 'address'; address: string }
  | { what: 'source' | 'rom'; name: string; packed: string };

export function wanted(location: { search: string; hash: string }): Wanted {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const query = new URLSearchParams(location.search);
  for (const what of ['source', 'rom'] as const) {
    const packed = fragment.get(what);
    if (packed !== null) {
      return { what, packed, name: fragment.get('name') ?? '' };
    }
  }
  const address = query.get('rom');
  if (address !== null) {
    return { what: 'address', address };
  }
  const name = query.get('demo');
  return name === null ? { what: 'nothing' } : { what: 'demo', name };
}

export async function linkTo(what: 'source' | 'rom', name: string, bytes: Uint8Array): Promise<string> {
  return `#${what}=${await pack(bytes)}&name=${encodeURIComponent(name)}`;
}
