import { promisify } from "node:util";
import { unzip, zstdDecompress } from "node:zlib";
import kafkajs from "kafkajs";
import { TooLongError } from "./grown.ts";
import { decompressLz4 } from "./lz4.ts";
import { decompressSnappy } from "./snappy.ts";

/** How long a batch of records may be that somebody compressed, in bytes, when it is written out. */
const DECOMPRESSED_BYTES_MAX = 64 * 1024 * 1024;

type Decompress = (bytes: Buffer, bytesMax: number) => Buffer | Promise<Buffer>;

const { CompressionCodecs, CompressionTypes } = kafkajs;

/**
 * Lets kafkajs read every codec that Kafka has; it knows gzip alone, and that without a limit. What it sends is not
 * compressed. Calling it again changes nothing.
 */
export function readEveryCodec(): void {
  const codecs: readonly (readonly [keyof typeof CompressionCodecs, Decompress])[] = [
    [CompressionTypes.GZIP, inflated(promisify(unzip))],
    [CompressionTypes.Snappy, decompressSnappy],
    [CompressionTypes.LZ4, decompressLz4],
    [CompressionTypes.ZSTD, inflated(promisify(zstdDecompress))],
  ];
  for (const [type, decompress] of codecs) CompressionCodecs[type] = () => codecOf(decompress);
}

function codecOf(decompress: Decompress) {
  return {
    compress(): never {
      throw new Error("expected records that are sent as they are, found some to compress");
    },
    decompress: async (bytes: Buffer) => decompress(bytes, DECOMPRESSED_BYTES_MAX),
  };
}

function inflated(inflate: (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>): Decompress {
  return async (bytes, bytesMax) => {
    try {
      return await inflate(bytes, { maxOutputLength: bytesMax });
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE" ? new TooLongError(bytesMax) : error;
    }
  };
}
