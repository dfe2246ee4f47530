import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { codeOf, FetchError } from './fetch-error.ts';

/** What `readBody` can undo; Node 20 has no zstd. */
export const ACCEPT_ENCODING = 'gzip, br, deflate';

const decompress = {
  gzip: promisify(gunzip),
  br: promisify(brotliDecompress),
  zlib: promisify(inflate),
  deflate: promisify(inflateRaw),
};

/**
 * The bytes of a response, decompressed.
 *
 * @param most how many bytes there may be, before and after decompression
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
  const bytes = Buffer.concat(chunks, size);
  const method = methodOf(bytes, contentEncoding.trim().toLowerCase());
  if (method === 'none') return bytes;
  if (method === undefined) {
    throw new FetchError(
      'bad_encoding',
      `${host}: the content encoding ${JSON.stringify(contentEncoding.slice(0, 40))} is unknown`,
    );
  }
  try {
    return await decompress[method](bytes, { maxOutputLength: most });
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(error);
    throw new FetchError('bad_encoding', `${host}: the compressed document is broken`, { cause: error });
  }
}

/** By the bytes where they tell: servers declare gzip and send plain text, and serve `feed.xml.gz` without a word. */
function methodOf(bytes: Uint8Array, encoding: string): keyof typeof decompress | 'none' | undefined {
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
    case 'br':
      return 'br';
    case 'deflate':
      return (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0 ? 'zlib' : 'deflate';
    default:
      return undefined;
  }
}
