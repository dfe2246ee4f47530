import { promisify } from 'node:util';
import zlib, { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { codeOf, FetchError } from './fetch-error.ts';

type Decompress = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;

/** Node has it from 22.15 on, and its types later. */
const zstd: unknown = Reflect.get(zlib, 'zstdDecompress');
/** The first bytes of every zstd frame. */
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

const DECOMPRESS: Readonly<Record<string, Decompress>> = {
  gzip: promisify(gunzip),
  br: promisify(brotliDecompress),
  zlib: promisify(inflate),
  deflate: promisify(inflateRaw),
  ...(typeof zstd === 'function' ? { zstd: promisify(zstd as typeof gunzip) } : {}),
};

/** What `readBody` can undo. */
export const ACCEPT_ENCODING = ['gzip', 'br', 'deflate', ...('zstd' in DECOMPRESS ? ['zstd'] : [])].join(
  ', ',
);

/** What is compressed more often than this is no feed. */
const LAYERS = 3;

/**
 * The bytes of a response, decompressed.
 *
 * @param most how many bytes there may be, before and after each decompression; no more are ever in memory
 * @throws {FetchError} `too_large`, as soon as that is known; `bad_encoding`
 */
export async function readBody(
  body: AsyncIterable<Uint8Array>,
  contentEncoding: string,
  most: number,
  host: string,
): Promise<Uint8Array> {
  const tooLarge = (cause?: unknown) =>
    new FetchError('too_large', `${host}: the document is larger than ${most} bytes`, { cause });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > most) throw tooLarge();
    chunks.push(chunk);
  }

  let bytes: Uint8Array = Buffer.concat(chunks, size);
  // The last that was done is the first to undo.
  const layers = contentEncoding.toLowerCase().split(',').reverse();
  for (const encoding of layers.slice(0, LAYERS)) {
    const method = methodOf(bytes, encoding.trim());
    if (method === 'none') continue;
    const decompress = DECOMPRESS[method];
    if (!decompress) {
      const name = JSON.stringify(contentEncoding.slice(0, 40));
      throw new FetchError('bad_encoding', `${host}: the content encoding ${name} is unknown`);
    }
    try {
      bytes = await decompress(bytes, { maxOutputLength: most });
    } catch (error) {
      if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(error);
      throw new FetchError('bad_encoding', `${host}: the compressed document is broken`, { cause: error });
    }
  }
  return bytes;
}

/** By the bytes where they tell: servers declare gzip and send plain text, and serve `feed.xml.gz` without a word. */
function methodOf(bytes: Uint8Array, encoding: string): string {
  if (bytes.byteLength === 0) return 'none';
  const [first = 0, second = 0] = bytes;
  if (first === 0x1f && second === 0x8b) return 'gzip';
  switch (encoding) {
    case '':
    case 'identity':
    case 'utf-8':
    case 'gzip':
    case 'x-gzip':
      return 'none';
    case 'deflate':
      return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0 ? 'zlib' : 'deflate';
    case 'zstd':
      return ZSTD.equals(bytes.subarray(0, 4)) ? 'zstd' : 'none';
    case 'br':
      return 'br';
    default:
      return 'unknown';
  }
}
